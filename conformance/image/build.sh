#!/bin/sh
# build.sh TAG
#
# Builds a Docker image of the PostgreSQL that is installed on this machine
# (PG_BINDIR, or the newest that Debian's packages installed), for machines that
# can pull none. Needs a Docker engine, DOCKER_HOST when it is not the default
# one, and a Linux with glibc.
set -eu
fail() {
	echo "build.sh: $*" >&2
	exit 1
}
[ $# -eq 1 ] || fail 'want one argument, the tag of the image: build.sh postgres:15-host'
tag=$1
here=$(cd "$(dirname "$0")" && pwd)

bin=${PG_BINDIR:-$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)}
[ -x "$bin/initdb" ] && [ -x "$bin/postgres" ] ||
	fail "no initdb and postgres in $bin: apt-get install postgresql, or set PG_BINDIR"
docker info >/dev/null 2>&1 || fail "no Docker engine answers: start one with $here/dockerd.sh, or set DOCKER_HOST"

context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT
root=$context/rootfs

# Where programs are and where links to them are differ from system to system; in
# the image everything is under /usr.
mkdir -p "$root/etc" "$root/tmp" "$root/usr/bin" "$root/usr/sbin" "$root/usr/lib" "$root/usr/lib64" "$root/usr/local/bin" \
	"$root/var/lib/postgresql" "$root/var/run/postgresql"
for dir in bin sbin lib lib64; do ln -s "usr/$dir" "$root/$dir"; done
echo 'root:x:0:0:root:/root:/bin/sh
postgres:x:999:999::/var/lib/postgresql:/bin/sh' >"$root/etc/passwd"
echo 'root:x:0:
postgres:x:999:' >"$root/etc/group"

# add FILE TARGET copies a program or a module with the libraries it is linked with.
add() {
	mkdir -p "$root$(dirname "$2")"
	cp -L "$1" "$root$2"
	ldd "$1" 2>/dev/null | grep -o '/[^ ]*' | while read -r library; do
		mkdir -p "$root$(dirname "$library")"
		[ -e "$root$library" ] || cp -L "$library" "$root$library"
	done
}
for program in postgres initdb pg_ctl psql createdb; do add "$bin/$program" "$bin/$program"; done
# What entrypoint.sh calls, and what testcontainers asks a container with.
for program in sh bash awk cat chown grep id mkdir mktemp rm setpriv; do
	add "$(command -v "$program")" "/usr/bin/$program"
done
# Just-in-time compilation brings 100 MB of compiler.
for module in "${bin%/bin}"/lib/*.so; do
	case $module in */llvmjit*) ;; *) add "$module" "$module" ;; esac
done
share=$("$bin/pg_config" --sharedir)
mkdir -p "$root$share" "$root/usr/share/zoneinfo"
cp -RL "$share/." "$root$share/"
cp -RL /usr/share/zoneinfo/. "$root/usr/share/zoneinfo/"

chmod 1777 "$root/tmp"
chmod 777 "$root/var/run/postgresql"
cp "$here/entrypoint.sh" "$root/usr/local/bin/entrypoint.sh"
chmod 755 "$root/usr/local/bin/entrypoint.sh"

# The classic builder: BuildKit is an extra that a bare engine lacks.
DOCKER_BUILDKIT=0 docker build --quiet --build-arg BINDIR="$bin" --tag "$tag" --file "$here/Dockerfile" "$context"
