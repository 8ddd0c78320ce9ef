#!/usr/bin/env bash
# Tries deploy/ as a host would: the image built, PostgreSQL and Parley started by compose, the first message, metrics
# read through the line of htpasswd, a setting changed in the console and seen by `config diff`, the next version.
# Reads like the steps of docs/operate/install.md. Installs and starts Docker where it isn't.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD

if ! command -v dockerd >/dev/null || ! command -v docker-compose >/dev/null; then
  echo "==> installing docker.io, docker-compose"
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends docker.io docker-compose >/dev/null
fi
scratch=$(mktemp -d)
engine=
finish() {
  (cd "$scratch/deploy" 2>/dev/null && docker-compose --profile metrics down -v --remove-orphans >/dev/null 2>&1) || true
  if [ -n "$engine" ]; then kill "$engine" && wait "$engine" 2>/dev/null || true; fi
  rm -rf "$scratch"
}
trap finish EXIT
if ! docker info >/dev/null 2>&1; then
  dockerd >"$scratch/dockerd.log" 2>&1 &
  engine=$!
  for _ in $(seq 100); do docker info >/dev/null 2>&1 && break || sleep 0.2; done
fi
if ! docker info >/dev/null 2>&1; then
  echo "NO CONTAINER CAN BE STARTED HERE, so deploy/ WAS NOT TRIED:" >&2
  tail -n 5 "$scratch/dockerd.log" >&2
  exit 0
fi

# has reads all of its input, so that whoever writes it doesn't stumble.
has() { grep "$@" >/dev/null; }
step() { echo "--- $*"; }
fail() { echo "FAILED: $*" >&2; docker-compose logs --tail 30 >&2 || true; exit 1; }
# until_it SECONDS WHAT COMMAND… tries again until the command succeeds.
until_it() {
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    if [ $SECONDS -ge $end ]; then fail "$what"; fi
    sleep 0.3
  done
}

step "build the image, small and without a shell"
VERSION=1-test scripts/image.sh >/dev/null 2>&1
size=$(docker image inspect -f '{{.Size}}' parley:1-test)
echo "    parley:1-test has $((size / 1000000)) MB"
[ "$size" -le 40000000 ] || fail "it should have 40 MB at most"
docker run --rm parley:1-test version --sbom | has '"bomFormat": "CycloneDX"' || fail "no list of what it is made of"
scripts/stand-in.sh postgres parley-test/postgres >/dev/null
scripts/stand-in.sh prometheus parley-test/prometheus >/dev/null

step "fill in .env and the secrets"
cp -r deploy "$scratch/deploy"
cd "$scratch/deploy"
password='p$ss word'
sed "s/change-me/s3cr3t-$RANDOM/" secrets/parley-db.secrets.example >secrets/parley-db.secrets
line=$(printf 'prometheus:%s' "$(openssl passwd -apr1 "$password")" | sed 's/\$/$$/g')
printf '%s' "$password" >secrets/metrics-password
port=$(node -e 'const s=require("net").createServer().listen(0,()=>{console.log(s.address().port);s.close()})')
cat >.env <<EOF
COMPOSE_PROJECT_NAME=parley-image-test
SITE_URL=http://localhost:$port
SITE_HOST=localhost
PARLEY_PORT=$port
PARLEY_IMAGE=parley:1-test
POSTGRES_IMAGE=parley-test/postgres
PROMETHEUS_IMAGE=parley-test/prometheus
METRICS_AUTH=$line
EOF

step "docker-compose up"
docker-compose up -d parley postgres 2>/dev/null
site=http://localhost:$port
until_it 60 "it doesn't answer" curl -fsS "$site/api/v4/system/ping"
id=$(docker-compose ps -q parley)
healthy() { docker inspect -f '{{.State.Health.Status}}' "$id" | has -x healthy; }
until_it 40 "it doesn't become healthy" healthy
[ "$(docker inspect -f '{{.Config.User}} {{.HostConfig.ReadonlyRootfs}}' "$id")" = "2000:2000 true" ] || fail "not its own user, or it can write outside of its data"
docker-compose exec -T postgres psql -U parley -d parley -Atc 'SELECT count(*) FROM users' >/dev/null || fail "it doesn't use PostgreSQL"

step "sign up, and write the first message"
api() { curl -fsS -H 'Content-Type: application/json' "$@"; }
api "$site/api/v4/users" -d '{"username":"root","email":"root@example.com","password":"Passw0rd-of-root"}' >/dev/null
token=$(api -D - -o /dev/null "$site/api/v4/users/login" -d '{"login_id":"root","password":"Passw0rd-of-root"}' | tr -d '\r' | sed -n 's/^[Tt]oken: //p')
auth="Authorization: Bearer $token"
team=$(api -H "$auth" "$site/api/v4/teams" -d '{"name":"first","display_name":"First","type":"O"}' | node -pe 'JSON.parse(require("fs").readFileSync(0)).id')
square=$(api -H "$auth" "$site/api/v4/teams/$team/channels/name/town-square" | node -pe 'JSON.parse(require("fs").readFileSync(0)).id')
post=$(api -H "$auth" "$site/api/v4/posts" -d "{\"channel_id\":\"$square\",\"message\":\"first\"}" | node -pe 'JSON.parse(require("fs").readFileSync(0)).id')
curl -fsS "$site/" | has 'parley-build' || fail "the page isn't there"

step "metrics, through the line of htpasswd"
[ "$(curl -s -o /dev/null -w '%{http_code}' "$site/metrics")" = 401 ] || fail "metrics are open to everybody"
curl -fsS -u "prometheus:$password" "$site/metrics" | has 'mattermost_users_total{state="active"} 1' || fail "metrics don't tell of the account"
chmod 644 secrets/metrics-password
docker-compose --profile metrics up -d prometheus 2>/dev/null
scraped() {
  curl -fsS "http://$(docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$(docker-compose --profile metrics ps -q prometheus)"):9090/api/v1/query?query=up%7Bjob%3D%22parley%22%7D" | has '"1"'
}
until_it 60 "Prometheus doesn't read them" scraped
promtool check rules prometheus/alerts.yml >/dev/null || fail "the alerts aren't rules"

step "a change in the console, seen by config diff"
api -X PUT -H "$auth" "$site/api/v4/config/patch" -d '{"TeamSettings":{"SiteName":"First house"}}' >/dev/null
docker-compose exec -T parley /parley config diff | has 'First house' || fail "config diff doesn't show the change"

step "the next version"
cd "$root" && VERSION=2-test scripts/image.sh >/dev/null 2>&1 && cd "$scratch/deploy"
sed -i 's/^PARLEY_IMAGE=.*/PARLEY_IMAGE=parley:2-test/' .env
docker-compose up -d parley 2>/dev/null
until_it 60 "the next version doesn't answer" curl -fsS "$site/api/v4/system/ping"
docker-compose exec -T parley /parley version | has '2-test' || fail "it is the old version"
api -H "$auth" "$site/api/v4/posts/$post" | has '"message":"first"' || fail "the first message is gone"
api -H "$auth" "$site/api/v4/config/client?format=old" | has 'First house' || fail "the change is gone"

step "docker-compose stop: it ends by itself, within its time"
started=$SECONDS
docker-compose stop -t 30 parley 2>/dev/null
[ "$(docker inspect -f '{{.State.ExitCode}}' "$(docker-compose ps -q parley)")" = 0 ] || fail "it was killed"
echo "= deploy/ works: image, compose, first message, metrics, config diff, upgrade, stop in $((SECONDS - started)) s"
