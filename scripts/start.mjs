/**
 * `npm start`: the server, which stops when npm does. Between the two stands a shell that dies of a signal without
 * passing it on, and would leave a server behind that holds the port and the database.
 */
const parent = process.ppid;
const watch = setInterval(() => {
  if (process.ppid === parent) return;
  clearInterval(watch);
  process.kill(process.pid, 'SIGTERM');
}, 500);
watch.unref();

await import('../dist/server/main.js');
