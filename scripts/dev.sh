#!/usr/bin/env bash
# The web client with hot reload at one address, and behind it the server, built and run again whenever a Go file or a
# translation changes. PORT is the client's (5173). Ctrl+C ends both.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p bin
port=${PORT:-5173}
server_pid=
client_pid=
stop_server() { if [ -n "$server_pid" ]; then kill "$server_pid" 2>/dev/null && wait "$server_pid" || true; fi; server_pid=; }
stop() {
  stop_server
  if [ -n "$client_pid" ]; then kill "$client_pid" 2>/dev/null && wait "$client_pid" || true; fi
}
trap stop EXIT
trap 'exit 130' INT TERM

stamp=bin/.dev-stamp
changed() {
  [ -n "$(find cmd internal web/embed.go -newer "$stamp" \( -name '*.go' -o -name '*.json' -o -name '*.sql' -o -name '*.html' \) -print -quit)" ]
}

# The settings may name another port; the client must be told which.
address=${MM_SERVICESETTINGS_LISTENADDRESS:-:8065}
server=http://127.0.0.1:${address##*:}
serve() {
  touch "$stamp"
  if CGO_ENABLED=0 go build -o bin/parley-dev ./cmd/parley; then
    stop_server
    bin/parley-dev serve &
    server_pid=$!
  fi
}

serve
if [ -n "$server_pid" ]; then node scripts/wait.mjs "$server/api/v4/system/ping" "$server_pid"; fi
(cd web && PARLEY_URL=$server PORT=$port exec node node_modules/vite/bin/vite.js --clearScreen false --logLevel warn) &
client_pid=$!
node scripts/wait.mjs "http://localhost:$port/" "$client_pid"
printf '\n==> Open http://localhost:%s  (the client; it is new as soon as you save)\n\n' "$port"
while kill -0 "$client_pid" 2>/dev/null; do
  if changed; then serve; fi
  sleep 1
done
