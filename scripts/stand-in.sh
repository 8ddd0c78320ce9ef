#!/usr/bin/env bash
# Makes images of PostgreSQL and Prometheus from Debian's packages, named like the ones of deploy/compose.yaml, for a
# machine that reaches no registry. They take the same variables, volumes and files as far as compose.yaml uses them.
# Usage: scripts/stand-in.sh postgres|prometheus NAME
set -euo pipefail

# gather FOLDER FILE… copies programs with the libraries that they are linked with.
gather() {
  local to=$1
  shift
  mkdir -p "$to"
  { printf '%s\n' "$@"; ldd "$@" 2>/dev/null | grep -v ':$' | grep -oE '/[^ ]+\.so[^ ]*'; } | sort -u | while read -r file; do
    mkdir -p "$to$(dirname "$file")"
    cp -L "$file" "$to$file"
  done
}

context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT
root=$context/root
case $1 in
postgres)
  bin=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)
  version=$(basename "$(dirname "$bin")")
  gather "$root" /bin/sh "$bin"/{postgres,initdb,psql,pg_isready,pg_dump} "$(dirname "$bin")"/lib/*.so
  mkdir -p "$root/usr/share/postgresql" "$root/usr/lib/locale" "$root/usr/share" "$root/tmp" "$root/etc" "$root/usr/local/bin" "$context/data"
  cp -r "/usr/share/postgresql/$version" "$root/usr/share/postgresql/"
  cp -r /usr/lib/locale/C.utf8 "$root/usr/lib/locale/"
  cp -r /usr/share/zoneinfo "$root/usr/share/"
  for program in psql pg_isready pg_dump; do ln -sf "$bin/$program" "$root/usr/local/bin/$program"; done
  echo 'postgres:x:999:999::/var/lib/postgresql:/bin/sh' >"$root/etc/passwd"
  cat >"$root/start" <<EOF
#!/bin/sh
set -e
if [ ! -s "\$PGDATA/PG_VERSION" ]; then
  printf '%s\n' "\$POSTGRES_PASSWORD" >/tmp/password
  $bin/initdb -D "\$PGDATA" -U "\$POSTGRES_USER" --pwfile=/tmp/password --auth-host=scram-sha-256 --auth-local=trust -E UTF8 --locale=C.UTF-8
  echo 'host all all all scram-sha-256' >>"\$PGDATA/pg_hba.conf"
  printf 'CREATE DATABASE "%s"' "\$POSTGRES_DB" | $bin/postgres --single -D "\$PGDATA" postgres
fi
exec $bin/postgres -D "\$PGDATA" -c listen_addresses='*' -c unix_socket_directories=/tmp
EOF
  chmod +x "$root/start"
  chmod 1777 "$root/tmp"
  cat >"$context/Dockerfile" <<'EOF'
FROM scratch
COPY root /
COPY --chown=999:999 data /var/lib/postgresql/data
ENV PGDATA=/var/lib/postgresql/data PGHOST=/tmp PATH=/usr/local/bin:/bin
USER 999:999
VOLUME /var/lib/postgresql/data
STOPSIGNAL SIGINT
ENTRYPOINT ["/start"]
EOF
  ;;
prometheus)
  gather "$root" "$(command -v prometheus)"
  mkdir -p "$root/etc/prometheus" "$context/data"
  cat >"$context/Dockerfile" <<'EOF'
FROM scratch
COPY root /
COPY --chown=65534:65534 data /prometheus
USER 65534:65534
VOLUME /prometheus
ENTRYPOINT ["/usr/bin/prometheus", "--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus"]
EOF
  ;;
esac
DOCKER_BUILDKIT=0 docker build --quiet --force-rm -t "$2" "$context" 2>/dev/null
