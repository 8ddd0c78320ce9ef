# Parley. `make` lists what there is; longer shell is in scripts/.
SHELL       := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

MODULE  := github.com/parley-chat/parley
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X $(MODULE)/internal/config.Version=$(VERSION)

.PHONY: help run build web test check dev image image-test cluster-test bench bench-search bench-files bench-backup smoke conformance e2e shots perf clean

help: ## list the targets
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## install what the build needs, build, start on SQLite in ./data at :8065
	@$(MAKE) --no-print-directory build
	@scripts/run.sh

build: web ## build bin/parley (static, reproducible)
	@echo "==> bin/parley $(VERSION)"
	@CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags '$(LDFLAGS)' -o bin/parley ./cmd/parley

web: ## build the web client into web/dist
	@scripts/need.sh build
	@scripts/web.sh

test: ## install what the tests need, run every test on both databases
	@scripts/need.sh test
	@scripts/test.sh

check: ## format, vet, staticcheck, TypeScript, known vulnerabilities, house rules
	@scripts/need.sh check
	@scripts/check.sh

dev: ## client with hot reload, and a server that restarts when a Go file changes
	@scripts/need.sh build
	@scripts/dev.sh

image: web ## build the container image of deploy/Dockerfile as parley:VERSION (PARLEY_UID, PARLEY_GID, ARCH)
	@scripts/image.sh

image-test: web ## try deploy/ as a host would: image, compose, first message, metrics, console, upgrade
	@scripts/need.sh test
	@scripts/image-test.sh

cluster-test: ## two nodes with fifty clients each: NATS away, a node killed, an update, while people write
	@scripts/need.sh test
	@scripts/cluster-test.sh

bench: build ## measure the server on both databases (needs the bench program, see scripts/bench.sh)
	@scripts/bench.sh

bench-backup: ## measure backup, restore and copy among a million posts (POSTS=… for another number) beside pg_dump and pg_restore
	@scripts/need.sh test
	@PARLEY_BACKUP_POSTS=$(or $(POSTS),1000000) go test ./internal/backup -run '^$$' -bench '^BenchmarkBackup$$' -benchtime 1x -timeout 3h

bench-search: ## measure searching among a million made-up messages (POSTS=… for another number) on both databases
	@scripts/need.sh test
	@scripts/bench-search.sh

bench-files: ## measure a file of a gigabyte, sent and fetched, and the small pictures of photos
	@scripts/need.sh build
	@scripts/bench-files.sh

smoke: build ## start the binary, sign up, log in, post, stop
	@scripts/smoke.sh

conformance: build ## the published JavaScript client against the binary, both databases
	@scripts/need.sh test
	@scripts/conformance.sh

e2e: build ## the web client in Chromium, on SQLite (scripts/e2e.sh takes another database and one journey)
	@scripts/need.sh test
	@scripts/e2e.sh

shots: build ## make the screenshots in docs/screenshots again
	@scripts/need.sh test
	@E2E_SHOTS=1 scripts/e2e.sh sqlite shots

perf: build ## measure the web client in Chromium
	@scripts/need.sh test
	@scripts/perf.sh

clean: ## remove what the build made (not ./data)
	rm -rf bin conformance/node_modules e2e/node_modules e2e/results web/node_modules
	find web/dist -mindepth 1 -not -name .gitkeep -delete
