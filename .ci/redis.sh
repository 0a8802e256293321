# Starts a Redis for the tests of many nodes, and sets TEST_REDIS_URL. Those that hurt a Redis start one of their own.

redis_pid=''

start_redis() {
  redis-server --version
  local port
  port=$(node -e 'const s = net.createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
  redis-server --port "$port" --bind 127.0.0.1 --save '' --appendonly no >/dev/null &
  redis_pid=$!
  export TEST_REDIS_URL="redis://127.0.0.1:$port"
}

stop_redis() {
  [ -n "$redis_pid" ] && kill "$redis_pid"
}
