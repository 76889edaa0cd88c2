#!/bin/sh
# judge.sh TAG
#
# Builds a Docker image of the conformance suite, which judges a server by its URLs:
#
#   docker run --rm --network host --user "$(id -u):$(id -g)" --volume "$PWD:/reports" \
#     TAG --pulse URL --accelerate URL --api-key KEY
#
# Needs Go and a Docker engine, DOCKER_HOST when it is not the default one. GOARCH says
# for which processor; nothing is run while it is built, and no registry is asked.
set -eu
fail() {
	echo "judge.sh: $*" >&2
	exit 1
}
[ $# -eq 1 ] || fail 'want one argument, the tag of the image: judge.sh arazzo-conformance'
tag=$1
here=$(cd "$(dirname "$0")" && pwd)
command -v go >/dev/null || fail 'go is not installed'
docker info >/dev/null 2>&1 || fail "no Docker engine answers: start one with $here/dockerd.sh, or set DOCKER_HOST"
certificates=/etc/ssl/certs/ca-certificates.crt
[ -s $certificates ] || fail "there is no $certificates: apt-get install ca-certificates"

context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT
root=$context/rootfs
mkdir -p "$root/etc/ssl/certs" "$root/tmp" "$root/reports"
chmod 1777 "$root/tmp" "$root/reports"
cp $certificates "$root/etc/ssl/certs/"
echo 'judge:x:65532:65532::/reports:/nologin' >"$root/etc/passwd"
(cd "$here/../.." && CGO_ENABLED=0 GOOS=linux go build -trimpath -ldflags '-s -w' -o "$root/arazzo" ./cmd/arazzo)

# The classic builder: BuildKit is an extra that a bare engine lacks.
DOCKER_BUILDKIT=0 docker build --quiet --tag "$tag" --file "$here/judge.Dockerfile" "$context"
