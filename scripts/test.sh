#!/usr/bin/env bash
# The whole suite: format, vet, staticcheck, TypeScript, unit tests of the web client, Go tests, race tests of the
# concurrent packages, then against the binary: the published client on SQLite and PostgreSQL, and the web client in
# Chromium.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/steps.sh

# As `make build` compiles, so that what it compiled serves the tests.
export CGO_ENABLED=0 GOFLAGS='-trimpath -buildvcs=false'

# The race detector makes tests several times slower, so only the packages where goroutines meet.
race_packages() {
  local p
  for p in db event realtime bus jobs access config metrics presence; do
    if compgen -G "internal/$p/*_test.go" >/dev/null; then echo "./internal/$p/..."; fi
  done
}

# With every check of `go vet`, which then needn't compile it all again.
go_tests() { go test -vet=all -p 2 -timeout 12m -json ./... | node scripts/gotest.mjs; }

go_race() {
  local packages
  mapfile -t packages < <(race_packages)
  if [ ${#packages[@]} -eq 0 ]; then echo '= no such packages'; return; fi
  CGO_ENABLED=1 go test -vet=off -race -short -p 2 -timeout 8m -json "${packages[@]}" | node scripts/gotest.mjs
}

step 'gofmt' go_format
# First, so that the Go tests meet the client too.
step 'build' make --no-print-directory build
step 'staticcheck' go_static
step 'TypeScript: Biome and tsc' typescript
step 'web unit tests' web_units
step 'Go tests' go_tests
step 'Go tests with race detector' go_race
step 'conformance, SQLite' scripts/conformance.sh sqlite
step 'conformance, PostgreSQL' scripts/conformance.sh postgres
step 'browser journeys' scripts/e2e.sh sqlite
summary 'make test'
