#!/bin/sh
# dockerd.sh STATE_DIR         makes sure that a Docker engine answers and prints its
#                              address: export DOCKER_HOST=$(dockerd.sh STATE_DIR)
# dockerd.sh --stop STATE_DIR  ends the engine that was started for STATE_DIR
#
# When an engine answers already nothing is started, and --stop does nothing.
# Otherwise one is started as root with its data in STATE_DIR and its socket at
# STATE_DIR/docker.sock. It publishes ports on this machine's loopback only.
set -eu
fail() {
	echo "dockerd.sh: $*" >&2
	exit 1
}
stop=
if [ "${1:-}" = --stop ]; then
	stop=yes
	shift
fi
[ $# -eq 1 ] || fail 'want one argument, a folder: dockerd.sh [--stop] STATE_DIR'
mkdir -p "$1"
state=$(cd "$1" && pwd)
socket=$state/docker.sock
# The kernel takes 107 bytes for a socket's path.
[ ${#socket} -le 107 ] || fail "$socket is too long for the path of a socket: take a shorter folder"

# pid prints the number of the engine of this folder, if there is one: a number in
# a file says little when the machine was restarted meanwhile.
pid() {
	[ -s "$state/dockerd.pid" ] || return 0
	number=$(cat "$state/dockerd.pid")
	case $(ps -p "$number" -o args= || true) in *"unix://$socket"*) echo "$number" ;; esac
}
# try COMMAND... repeats it for 30 seconds; an idle machine needs one.
try() {
	tries=150
	until "$@" >/dev/null 2>&1; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		sleep 0.2
	done
}
gone() { [ -z "$(pid)" ]; }

if [ -n "$stop" ]; then
	running=$(pid)
	[ -n "$running" ] || exit 0
	kill "$running"
	try gone || fail "the engine, process $running, did not end within 30 seconds"
	exit 0
fi

for address in "${DOCKER_HOST:-unix:///var/run/docker.sock}" "unix://$socket"; do
	if DOCKER_HOST=$address docker info >/dev/null 2>&1; then
		echo "$address"
		exit 0
	fi
done
[ "$(id -u)" = 0 ] || fail 'no Docker engine answers, and starting one takes root'
command -v dockerd >/dev/null || fail 'no Docker engine is installed: apt-get install docker.io iptables'
setsid dockerd --host "unix://$socket" --data-root "$state/data" --exec-root "$state/exec" --pidfile "$state/dockerd.pid" \
	--ip 127.0.0.1 </dev/null >"$state/dockerd.log" 2>&1 &
if ! try env DOCKER_HOST="unix://$socket" docker info; then
	tail -n 20 "$state/dockerd.log" >&2
	fail "the engine did not answer within 30 seconds; the end of $state/dockerd.log is above"
fi
echo "unix://$socket"
