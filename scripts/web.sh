#!/usr/bin/env bash
# Builds the web client into web/dist, which the server embeds.
set -euo pipefail
cd "$(dirname "$0")/../web"
echo "==> web/dist"
npm run --silent build -- --logLevel warn
