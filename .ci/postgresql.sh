# Finds or starts a PostgreSQL for the tests, sets TEST_DATABASE_URL to a scratch database there, and cleans up after itself.

pg_admin_url='' # where the scratch database is made
pg_cluster=''   # the folder of a cluster that we started

start_postgresql() {
  pg_admin_url=$(find_postgresql) || { start_cluster || return 1; }
  TEST_DATABASE_URL=$(node .ci/scratch-database.mjs create "$pg_admin_url") || return 1
  export TEST_DATABASE_URL
}

stop_postgresql() {
  [ -n "${TEST_DATABASE_URL:-}" ] && [ -n "$pg_admin_url" ] &&
    node .ci/scratch-database.mjs drop "$pg_admin_url" "$TEST_DATABASE_URL"
  [ -n "$pg_cluster" ] || return 0
  as_postgres "$pg_bin/pg_ctl" stop -s -m immediate -D "$pg_cluster/data"
  rm -rf "$pg_cluster"
}

# The server that was named, else one that lets us in on this machine.
find_postgresql() {
  if [ -n "${TEST_DATABASE_URL:-}" ]; then
    echo "$TEST_DATABASE_URL"
    return
  fi
  local user
  for user in postgres root; do
    local url="postgres://$user@127.0.0.1:5432/postgres"
    node .ci/scratch-database.mjs ping "$url" 2>/dev/null && echo "$url" && return
  done
  return 1
}

# A cluster of our own, from Debian's binaries, on a free port.
start_cluster() {
  local port
  find_binaries || return 1
  pg_cluster=$(mktemp -d)
  [ "$(id -u)" -eq 0 ] && chown postgres "$pg_cluster"
  port=$(node -e 'const s = net.createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
  as_postgres "$pg_bin/initdb" -U postgres -A trust -E UTF8 --no-locale -D "$pg_cluster/data" >/dev/null || return 1
  as_postgres "$pg_bin/pg_ctl" start -s -w -D "$pg_cluster/data" -l "$pg_cluster/log" \
    -o "-p $port -c listen_addresses=127.0.0.1 -k $pg_cluster" || { cat "$pg_cluster/log" && return 1; }
  pg_admin_url="postgres://postgres@127.0.0.1:$port/postgres"
}

find_binaries() {
  pg_bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
  [ -x "$pg_bin/initdb" ]
}

# PostgreSQL refuses to run as root.
as_postgres() {
  if [ "$(id -u)" -eq 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}
