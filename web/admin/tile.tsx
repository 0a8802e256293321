import { useId, useMemo, useState } from 'preact/hooks';
import { clock } from './format.js';
import { Plot } from './plot.js';
import type { Row } from './rows.js';
import type { Theme } from './theme.js';
import type { TileSpec } from './tiles.js';

interface TileProps {
  readonly spec: TileSpec;
  readonly rows: readonly Row[];
  readonly theme: Theme;
}

/** One measure: what it is now, what it was, least and most. */
export function Tile({ spec, rows, theme }: TileProps) {
  const id = useId();
  const [hovered, setHovered] = useState<number>();
  const columns = useMemo(() => spec.lines.map(({ value }) => rows.map(value)), [spec, rows]);
  const times = useMemo(() => rows.map(({ at }) => at / 1_000), [rows]);
  const data = useMemo((): [number[], ...(number | null)[][]] => [times, ...columns], [times, columns]);
  const known = columns[0]?.filter((value) => value !== null) ?? [];
  const hoveredAt = hovered === undefined ? undefined : rows[hovered]?.at;
  const summary = summaryOf(spec, known);

  const valueOf = (column: readonly (number | null)[]) => {
    if (hoveredAt !== undefined && hovered !== undefined) return shown(spec, column[hovered]);
    if (spec.kind === 'bars') return shown(spec, sum(column));
    return shown(spec, column.at(-1));
  };

  return (
    <div class="tile" role="group" aria-labelledby={id}>
      <h3 id={id} title={spec.hint}>
        {spec.title}
      </h3>
      <p class="values">
        {spec.lines.map(({ name }, i) => (
          <span key={name} class={i === 0 ? 'value first' : 'value second'}>
            <b>{valueOf(columns[i] ?? [])}</b>
            {spec.lines.length > 1 && <small>{name}</small>}
          </span>
        ))}
      </p>
      <p class="summary">{hoveredAt === undefined ? summary : `at ${clock(hoveredAt)}`}</p>
      <Plot
        data={data}
        kind={spec.kind}
        floor={spec.floor}
        formatAxis={spec.formatAxis}
        theme={theme}
        label={`${spec.title} over the last 15 minutes. ${spec.hint}. ${summary}`}
        onHover={setHovered}
      />
    </div>
  );
}

/** The plot in words. */
function summaryOf({ kind, format, lines }: TileSpec, known: readonly number[]): string {
  if (known.length === 0) return 'nothing yet';
  if (kind === 'bars') return 'in 15 minutes';
  const line = lines.length > 1 ? `${lines[0]?.name}: ` : '';
  return `${line}min ${format(Math.min(...known))} · max ${format(Math.max(...known))}`;
}

function shown({ format }: TileSpec, value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : format(value);
}

function sum(column: readonly (number | null)[]): number {
  return column.reduce<number>((total, value) => total + (value ?? 0), 0);
}
