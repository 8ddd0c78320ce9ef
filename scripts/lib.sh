# shellcheck shell=bash
# Sourced by the other scripts: start and stop a server or a database of one's own.
# Everything lives in one temporary folder and ends with the script that started it.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
pg_bin=/usr/lib/postgresql/15/bin
scratch=$(mktemp -d "${TMPDIR:-/tmp}/parley.XXXXXX")
chmod 755 "$scratch" # the database's user must be able to enter it
server_pid=

cleanup() {
  stop_server
  stop_postgres
  rm -rf "$scratch"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

free_port() {
  node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})'
}

# as_postgres runs a command as a user whom PostgreSQL accepts: it refuses to run as root.
as_postgres() {
  if [ "$(id -u)" -eq 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

# start_postgres makes a private cluster that listens on a Unix socket only and sets database_url.
start_postgres() {
  local dir=$scratch/pg
  mkdir -p "$dir"
  if [ "$(id -u)" -eq 0 ]; then chown postgres "$dir"; fi
  as_postgres "$pg_bin/initdb" -D "$dir/data" -U parley --auth=trust -E UTF8 --locale=C.UTF-8 >"$scratch/initdb.log"
  as_postgres "$pg_bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w \
    -o "-c listen_addresses='' -c unix_socket_directories='$dir' -c max_connections=200" start >/dev/null
  as_postgres "$pg_bin/createdb" -h "$dir" -U parley parley
  database_url="postgres://parley@/parley?host=$dir&sslmode=disable"
}

stop_postgres() {
  if [ -f "$scratch/pg/data/postmaster.pid" ]; then
    as_postgres "$pg_bin/pg_ctl" -D "$scratch/pg/data" -m immediate stop >/dev/null || true
  fi
}

# start_server ENGINE starts bin/parley on sqlite or postgres with an empty database, waits
# until it answers, and sets server_url and server_pid. Further arguments are NAME=value settings.
start_server() {
  local engine=$1 port
  shift
  port=$(free_port)
  server_url=http://127.0.0.1:$port
  local data=$scratch/data-$engine
  local flags=(--data "$data" --listen "127.0.0.1:$port")
  local settings=("MM_SERVICESETTINGS_SITEURL=$server_url" "MM_FILESETTINGS_DIRECTORY=$data/files" "$@")
  mkdir -p "$data"
  if [ "$engine" = postgres ]; then
    start_postgres
    flags+=(--db "$database_url")
  fi
  env "${settings[@]}" "$root/bin/parley" serve "${flags[@]}" >"$scratch/server-$engine.log" 2>&1 &
  server_pid=$!
  if ! node "$root/scripts/wait.mjs" "$server_url/api/v4/system/ping" "$server_pid"; then
    echo "the server did not start on $engine; its last lines:" >&2
    tail -n 30 "$scratch/server-$engine.log" >&2
    return 1
  fi
}

stop_server() {
  if [ -n "$server_pid" ] && kill "$server_pid" 2>/dev/null; then wait "$server_pid" || true; fi
  server_pid=
}
