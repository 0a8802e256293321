import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { clock } from './format.js';
import type { Theme } from './theme.js';

export interface PlotProps {
  /** Seconds since the epoch, then each line's values. */
  readonly data: uPlot.AlignedData;
  readonly kind: 'lines' | 'bars';
  /** The least that the vertical axis reaches to. */
  readonly floor: number;
  readonly formatAxis: (value: number) => string;
  readonly theme: Theme;
  /** What a reader of the screen is told instead. */
  readonly label: string;
  /** The place that the pointer is at, on this or another plot; undefined: on none. */
  readonly onHover: (index: number | undefined) => void;
}

/** All plots show one moment. */
const CURSORS = 'milonga';

/** Lines or bars over 15 minutes, from zero. */
export function Plot(props: PlotProps) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const latest = useRef(props);
  latest.current = props;

  // Anew with the theme: what is on a canvas has its colours once and for all.
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const made = new uPlot(optionsFor(element, latest.current), latest.current.data, element);
    plot.current = made;
    const resizer = new ResizeObserver(() => made.setSize(sizeOf(element)));
    resizer.observe(element);
    return () => {
      resizer.disconnect();
      made.destroy();
    };
  }, [props.theme]);

  useEffect(() => plot.current?.setData(props.data), [props.data]);

  return <div class="plot" ref={host} role="img" aria-label={props.label} />;
}

function sizeOf(element: HTMLElement): { width: number; height: number } {
  return { width: Math.max(element.clientWidth, 1), height: element.clientHeight };
}

function optionsFor(element: HTMLElement, props: PlotProps): uPlot.Options {
  const { kind, floor, formatAxis } = props;
  const colour = colours(element);
  const axis = { stroke: colour('--soft'), font: '11px system-ui, sans-serif', ticks: { show: false } };
  const lines = Array.from({ length: props.data.length - 1 }, (_, i): uPlot.Series => {
    const stroke = colour(i === 0 ? '--line-a' : '--line-b');
    if (kind === 'bars') return { stroke, fill: stroke, ...BARS, points: { show: false } };
    const dash = i === 0 ? {} : { dash: [5, 3] };
    const fill = i === 0 ? { fill: colour('--fill-a') } : {};
    const points: uPlot.Series.Points = {
      size: 4,
      fill: stroke,
      filter: (plot, series) => lonely(plot.data[series] ?? []),
    };
    return { stroke, width: 1.5, points: { show: true, ...points }, ...dash, ...fill };
  });
  return {
    ...sizeOf(element),
    legend: { show: false },
    // A label stands half beside the end of the line that it is of.
    padding: [8, 20, 0, 0],
    cursor: { sync: { key: CURSORS }, drag: { x: false, y: false }, y: false, points: { size: 6 } },
    scales: { x: { time: true }, y: { range: (_plot, _least, most) => [0, roof(Math.max(most, floor))] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 20,
        gap: 4,
        space: 38,
        incrs: [300, 600],
        // At the left edge it would run into the zero of the other axis.
        values: (plot, times) =>
          times.map((time) => (plot.valToPos(time, 'x') < EDGE_PX ? '' : clock(time * 1_000, false))),
      },
      {
        ...axis,
        grid: { stroke: colour('--grid'), width: 1 },
        size: 46,
        gap: 4,
        splits: (_plot, _axis, _least, most) => [0, most / 2, most],
        values: (_plot, values) => values.map(formatAxis),
      },
    ],
    series: [{}, ...lines],
    hooks: { setCursor: [({ cursor }) => props.onHover(cursor.idx ?? undefined)] },
  };
}

/** Where a value stands between none: no line leads there. */
function lonely(values: ArrayLike<number | null | undefined>): number[] {
  const isThere = (i: number) => (values[i] ?? null) !== null;
  return Array.from(values, (_, i) => i).filter((i) => isThere(i) && !isThere(i - 1) && !isThere(i + 1));
}

/** The least round number that no value is above, with a whole half. */
function roof(most: number): number {
  const unit = 10 ** Math.floor(Math.log10(most));
  return (ROOFS.find((multiple) => multiple * unit >= most) ?? 10) * unit;
}

const ROOFS = [1, 1.2, 1.6, 2, 3, 4, 6, 8, 10];
const EDGE_PX = 16;

const bars = uPlot.paths.bars?.({ size: [0.9, 6], align: 0 });
const BARS = bars ? { paths: bars } : {};

function colours(element: HTMLElement): (name: string) => string {
  const style = getComputedStyle(element);
  return (name) => style.getPropertyValue(name);
}
