#!/bin/sh
# Does for the image of build.sh what tests expect of a Postgres image: reads
# POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB and PGDATA, makes a cluster where
# there is none, takes flags for the server as arguments, and says twice that it
# is "ready to accept connections" when it had to make one, which is what
# testcontainers waits for.
set -eu
user=${POSTGRES_USER:-postgres}
database=${POSTGRES_DB:-$user}

case ${1:-postgres} in
-*) set -- postgres "$@" ;;
postgres) ;;
*) exec "$@" ;;
esac

# Postgres refuses to run as root.
if [ "$(id -u)" = 0 ]; then
	mkdir -p "$PGDATA"
	chown -R postgres:postgres "$PGDATA"
	exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
fi

if [ ! -s "$PGDATA/PG_VERSION" ]; then
	if [ -z "${POSTGRES_PASSWORD:-}" ]; then
		echo 'entrypoint.sh: POSTGRES_PASSWORD is empty: set it to the password of the superuser' >&2
		exit 1
	fi
	secret=$(mktemp)
	echo "$POSTGRES_PASSWORD" >"$secret"
	# The order of bytes, which needs no locale's files, and which --reference has too.
	initdb --username="$user" --pwfile="$secret" --auth-local=trust --auth-host=scram-sha-256 \
		--encoding=UTF8 --locale=C --no-sync
	rm "$secret"
	echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
	# The default is the container's own loopback, where no port is published from.
	echo "listen_addresses = '*'" >>"$PGDATA/postgresql.conf"

	# Not on the network: nobody may connect before the database is there.
	pg_ctl --wait --options="-c listen_addresses=" start
	if [ "$database" != postgres ]; then
		createdb --username="$user" --maintenance-db=postgres -- "$database"
	fi
	pg_ctl --wait --mode=fast stop
fi
exec "$@"
