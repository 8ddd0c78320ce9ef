#!/usr/bin/env bash
# Builds the image of bin/parley (deploy/Dockerfile) as parley:VERSION and parley:latest.
# PARLEY_UID and PARLEY_GID are the container's user; ARCH another processor (arm64), whose program is compiled first.
set -euo pipefail
cd "$(dirname "$0")/.."
version=${VERSION:-$(git describe --tags --always --dirty 2>/dev/null || echo dev)}
version=${version//[^A-Za-z0-9_.-]/-}
arch=${ARCH:-$(go env GOARCH)}
context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT
mkdir "$context/data"
CGO_ENABLED=0 GOARCH=$arch go build -trimpath -buildvcs=false \
  -ldflags "-s -w -X github.com/parley-chat/parley/internal/config.Version=$version" -o "$context/parley" ./cmd/parley
# One time for all files: the same source makes the same image.
find "$context" -exec touch -d @"$(git log -1 --format=%ct)" {} +
echo "==> parley:$version ($arch)"
DOCKER_BUILDKIT=0 docker build --quiet --force-rm -f deploy/Dockerfile --platform "linux/$arch" \
  --build-arg VERSION="$version" --build-arg REVISION="$(git rev-parse HEAD)" --build-arg UID="${PARLEY_UID:-2000}" --build-arg GID="${PARLEY_GID:-2000}" \
  -t "parley:$version" -t parley:latest "$context"
