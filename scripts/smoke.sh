#!/usr/bin/env bash
# Starts bin/parley on an empty SQLite database, signs up the first user, logs in, posts, stops.
set -euo pipefail
source "$(dirname "$0")/lib.sh"
start_server sqlite
node "$root/scripts/smoke.mjs" "$server_url"
stop_server
