#!/usr/bin/env bash
# Installs what a task needs and says so. Usage: scripts/need.sh build|check|test
# Only what is missing is installed, so a second run does nothing.
set -euo pipefail

at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

need_tool() { # name, version found, lowest version, where to get it
  if [ -z "$2" ]; then echo "Parley needs $1 $3 or newer: $4" >&2; exit 1; fi
  if ! at_least "$3" "$2"; then echo "Parley needs $1 $3 or newer, found $2: $4" >&2; exit 1; fi
}

missing=()
need_package() { # package, file or command that proves that it is there
  if [ -e "$2" ] || command -v "$2" >/dev/null 2>&1; then return; fi
  missing+=("$1")
}

# Debian starts what it installs unless this file says no: the tests run these programs themselves.
policy=/usr/sbin/policy-rc.d
install_missing() {
  if [ ${#missing[@]} -eq 0 ]; then return; fi
  echo "==> installing with apt: ${missing[*]}"
  sudo=()
  if [ "$(id -u)" -ne 0 ]; then sudo=(sudo); fi
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | "${sudo[@]}" install -m 755 /dev/stdin "$policy"
    trap '"${sudo[@]}" rm -f "$policy"' EXIT
  fi
  "${sudo[@]}" apt-get update -qq
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

node_packages() { # folder; installs when the lock file is newer than what is installed
  if [ "$1/node_modules/.package-lock.json" -nt "$1/package-lock.json" ]; then return; fi
  echo "==> npm ci in $1"
  (cd "$1" && npm ci --no-audit --no-fund --loglevel=error && touch node_modules/.package-lock.json)
}

cd "$(dirname "$0")/.."
go_version=$(go env GOVERSION 2>/dev/null | sed 's/^go//' || true)
node_version=$(node --version 2>/dev/null | sed 's/^v//' || true)
need_tool Go "$go_version" 1.26 https://go.dev/dl/
need_tool Node "$node_version" 20.19 https://nodejs.org/

if [ "${1:-build}" = test ]; then
  need_package postgresql-15 /usr/lib/postgresql/15/bin/postgres
  need_package postgresql-client-15 /usr/lib/postgresql/15/bin/psql
  need_package postgresql-client-common psql # psql and pg_dump on the path
  need_package chromium chromium
  need_package chromium-headless-shell chromium-headless-shell # what most journeys run in
  need_package fonts-noto-core /usr/share/fonts/truetype/noto/NotoSans-Regular.ttf
  need_package fonts-noto-color-emoji /usr/share/fonts/truetype/noto/NotoColorEmoji.ttf
  need_package sqlite3 sqlite3     # fills the database that make perf reads
  need_package xz-utils xz
  need_package nats-server nats-server # carries messages between nodes
  need_package prometheus prometheus # reads the metrics as a host does
  need_package nginx-light /usr/sbin/nginx # stands before the server, as deploy/nginx.conf says
  need_package gcc gcc             # the race detector needs cgo
  need_package libc6-dev /usr/include/stdio.h
fi
install_missing
node_packages web
if [ "${1:-build}" != build ]; then
  node_packages conformance
  node_packages e2e
fi
