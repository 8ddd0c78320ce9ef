#!/usr/bin/env bash
# Builds and runs the server, again whenever a Go file or a translation changes. Ctrl+C ends it.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p bin
pid=
stop() { if [ -n "$pid" ]; then kill "$pid" 2>/dev/null && wait "$pid" || true; fi; pid=; }
trap stop EXIT
trap 'exit 130' INT TERM

stamp=bin/.dev-stamp
changed() { [ -n "$(find cmd internal web -newer "$stamp" \( -name '*.go' -o -name '*.json' -o -name '*.sql' -o -name '*.html' \) -not -path '*/node_modules/*' -print -quit)" ]; }
while true; do
  touch "$stamp"
  if CGO_ENABLED=0 go build -o bin/parley-dev ./cmd/parley; then
    stop
    bin/parley-dev serve &
    pid=$!
  fi
  until changed; do sleep 1; done
done
