import { useMemo, useState } from 'preact/hooks';
import type { NodeView, Overview } from '../../src/admin/overview.js';
import type { Api } from './api.js';
import { Banner } from './banner.js';
import { clock } from './format.js';
import { NodesTable } from './nodes-table.js';
import { RoomsTable } from './rooms-table.js';
import { rowsOf } from './rows.js';
import type { Theme } from './theme.js';
import { Tile } from './tile.js';
import { TILES } from './tiles.js';
import { useOverview } from './use-overview.js';
import { UserSearch } from './user-search.js';
import { findings } from './verdict.js';
import { VerdictPanel } from './verdict-panel.js';

interface DashboardProps {
  readonly api: Api;
  readonly theme: Theme;
  readonly onTheme: (theme: Theme) => void;
  readonly onSignOut: () => void;
}

export function Dashboard({ api, theme, onTheme, onSignOut }: DashboardProps) {
  const { overview, problem, problemSince } = useOverview(api);
  const otherTheme = theme === 'dark' ? 'light' : 'dark';
  return (
    <>
      <header>
        <h1>Milonga</h1>
        <p class="asof">{overview ? `as of ${clock(overview.now)}` : 'asking …'}</p>
        <button class="quiet" aria-label={`${nameOf(otherTheme)} colours`} onClick={() => onTheme(otherTheme)}>
          {nameOf(otherTheme)}
        </button>
        <button class="quiet" onClick={onSignOut}>
          Sign out
        </button>
      </header>
      {problem && <Banner problem={problem} since={problemSince ?? Date.now()} />}
      <main class={problem ? 'stale' : ''}>
        {overview && <Panels overview={overview} isStale={problem !== undefined} theme={theme} />}
        <UserSearch api={api} />
      </main>
      <footer>
        A sample every 5 s. Times are this browser’s ({Intl.DateTimeFormat().resolvedOptions().timeZone}).
      </footer>
    </>
  );
}

function nameOf(theme: Theme): string {
  return theme === 'dark' ? 'Dark' : 'Light';
}

interface PanelsProps {
  readonly overview: Overview;
  readonly isStale: boolean;
  readonly theme: Theme;
}

function Panels({ overview, isStale, theme }: PanelsProps) {
  const [nodeId, setNodeId] = useState('');
  const rows = useMemo(() => rowsOf(overview, isOf(nodeId, overview)), [overview, nodeId]);
  const all = useMemo(() => rowsOf(overview, isOf('', overview)), [overview]);
  return (
    <>
      {!isStale && <VerdictPanel findings={findings(overview, all)} />}
      <section aria-labelledby="measures">
        <div class="bar">
          <h2 id="measures">Last 15 minutes</h2>
          {overview.nodes.length > 1 && (
            <label>
              of{' '}
              <select value={nodeId} onChange={({ currentTarget }) => setNodeId(currentTarget.value)}>
                <option value="">all nodes</option>
                {overview.nodes.map(({ id }) => (
                  <option key={id} value={id}>
                    node {id}
                  </option>
                ))}
              </select>
            </label>
          )}
        </div>
        <div class="tiles">
          {TILES.map((spec) => (
            <Tile key={spec.title} spec={spec} rows={rows} theme={theme} />
          ))}
        </div>
      </section>
      <NodesTable overview={overview} />
      <RoomsTable overview={overview} />
    </>
  );
}

/** A node that is no longer in the list cannot be chosen. */
function isOf(nodeId: string, { nodes }: Overview): (node: NodeView) => boolean {
  return nodes.some(({ id }) => id === nodeId) ? ({ id }) => id === nodeId : () => true;
}
