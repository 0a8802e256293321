import type { NodeView, Overview } from '../../src/admin/overview.js';
import { DataTable } from './data-table.js';
import { clock, count, duration, megabytes, milliseconds } from './format.js';
import { Mark } from './mark.js';
import { BYTES_A_MB } from './rows.js';

const STATES = {
  alive: { mark: 'good', word: 'alive' },
  unheard: { mark: 'watch', word: 'not heard' },
  left: { mark: 'none', word: 'said good-bye' },
  lost: { mark: 'bad', word: 'lost' },
} as const;

/** Every node of the last 15 minutes, with its health. */
export function NodesTable({ overview }: { readonly overview: Overview }) {
  const { isClustered, nodes } = overview;
  const redis = isClustered ? ['Redis'] : [];
  const columns = ['Node', 'State', 'Connections', 'Loop lag', 'Heap', 'Database', ...redis, 'Up', 'Heard', 'Version'];
  return (
    <section class="panel" aria-labelledby="nodes">
      <h2 id="nodes">Nodes</h2>
      <DataTable label="Nodes" columns={columns}>
        {nodes.map((node) => (
          <NodeRow key={node.id} node={node} overview={overview} />
        ))}
      </DataTable>
    </section>
  );
}

function NodeRow({ node, overview }: { readonly node: NodeView; readonly overview: Overview }) {
  const newest = node.samples.at(-1);
  const { mark, word } = STATES[node.state];
  const isThere = node.state === 'alive' && newest !== undefined;
  return (
    <tr class={isThere ? '' : 'gone'}>
      <th scope="row">
        <code>{node.id}</code> {node.id === overview.nodeId && overview.isClustered && <small>answers</small>}
      </th>
      <td>
        <Mark is={newest?.isDraining && isThere ? 'watch' : mark} /> {newest?.isDraining && isThere ? 'draining' : word}
      </td>
      <td class="number">{isThere ? count(newest.connections) : '–'}</td>
      <td class="number">{isThere ? milliseconds(newest.loopLagMs) : '–'}</td>
      <td class="number">
        {isThere ? megabytes(newest.heapBytes / BYTES_A_MB) : '–'}
        {isThere && <small> of {megabytes(node.heapLimitBytes / BYTES_A_MB)}</small>}
      </td>
      <td>{isThere ? <Reach isUp={newest.isDatabaseUp} /> : '–'}</td>
      {overview.isClustered && <td>{isThere ? <Reach isUp={newest.isRedisUp} /> : '–'}</td>}
      <td title={`since ${new Date(node.startedAt).toLocaleString('en-GB')}`}>
        {isThere ? duration(overview.now - node.startedAt) : '–'}
      </td>
      <td>{isThere ? `${duration(overview.now - node.heardAt)} ago` : `last at ${clock(node.heardAt)}`}</td>
      <td>{node.version}</td>
    </tr>
  );
}

function Reach({ isUp }: { readonly isUp: boolean }) {
  return (
    <>
      <Mark is={isUp ? 'good' : 'bad'} /> {isUp ? 'up' : 'away'}
    </>
  );
}
