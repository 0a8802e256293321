/** Many connections that come in a storm, authenticate, join a room, and then idle: CPU and memory of each. */
import { Population } from '../generator/population.mjs';
import { measureCpu } from '../harness/cpu-time.mjs';

/**
 * @param {import('./catalogue.mjs').Herd & { server: import('../generator/population.mjs').ServerUnderTest }} task
 * @param {import('../generator/main.mjs').Context} context
 */
export async function herd(task, { reach }) {
  const { server, connections, warmUp, roomSize } = task;
  const population = new Population(server, { roomSize, roomPrefix: 'herd' });
  await population.growTo(warmUp);
  await reach('begin');
  const spent = measureCpu(server.pids);
  await population.growTo(connections);
  const cpu = spent();
  await reach('end');
  await reach('settled');
  if (population.tally.failure) throw population.tally.failure;
  population.leave();
  return { connected: connections - warmUp, ...cpu };
}
