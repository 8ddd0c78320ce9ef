#!/usr/bin/env bash
# Measures bin/parley on both databases with the bench program (BENCH: its source folder, ../shared/bench
# unless set). Results go to bench-sqlite.json and bench-postgres.json in ./bin. QUICK=1 is a minute each.
set -euo pipefail
source "$(dirname "$0")/lib.sh"
bench=${BENCH:-$root/../shared/bench}
if [ ! -f "$bench/go.mod" ]; then
  echo "there is no bench program in $bench: set BENCH to its folder" >&2
  exit 1
fi
(cd "$bench" && go build -o "$root/bin/bench" .)
quick=()
if [ -n "${QUICK:-}" ]; then quick=(-quick); fi
for engine in sqlite postgres; do
  start_server "$engine" MM_TEAMSETTINGS_ENABLEOPENSERVER=true MM_RATELIMITSETTINGS_ENABLE=false
  db=()
  if [ "$engine" = postgres ]; then db=(-dbpid "$(head -n 1 "$scratch/pg/data/postmaster.pid")"); fi
  "$root/bin/bench" run "${quick[@]}" -url "$server_url" -pid "$server_pid" "${db[@]}" -label "parley $engine" -out "$root/bin/bench-$engine.json"
  stop_server
done
if [ -f "$bench/baseline-mattermost-11.6.json" ]; then
  for engine in sqlite postgres; do
    "$root/bin/bench" compare "$bench/baseline-mattermost-11.6.json" "$root/bin/bench-$engine.json"
  done
fi
