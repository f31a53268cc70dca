import { useSelect, useStore } from '../../hooks.ts';
import { count, perSecond, span } from '../../numbers.ts';
import type { LogStore } from './log-store.ts';
import { type RateBar, rateKinds } from './rate-bars.ts';
import styles from './rate-chart.module.css';

const heightPx = 60;
const barWidth = 10;
const gap = 2;
/** The scale does not go below this, so that a single event does not look like a storm. */
const fullMin = 5;

interface RateChartProps {
  store: LogStore;
  isPaused: boolean;
}

/** Events per second over the last two minutes, stacked by status. */
export function RateChart({ store, isPaused }: RateChartProps) {
  const { bars, peak, perSecond: present, quietMs } = useStore(store.rate);
  const isLost = useSelect(store.live.state, (state) => state.isLost);
  const full = Math.max(fullMin, peak);
  const words = `${perSecond(present)} now, at most ${count(peak)} in one second`;
  return (
    <figure className={styles['chart']} data-paused={isPaused || undefined}>
      <svg
        role="img"
        aria-label={`Events per second over the last ${bars.length} seconds: ${words}. ${totalsText(bars)}`}
        viewBox={`0 0 ${bars.length * barWidth} ${heightPx}`}
        preserveAspectRatio="none"
      >
        {rateKinds.map((kind, index) => (
          <path key={kind} data-status={kind} d={pathOf(bars, index, full)} />
        ))}
      </svg>
      <figcaption>
        {!isLost && <span>{words}</span>}
        <span className={styles['latest']} data-fault={isLost || undefined}>
          {isPaused ? 'Chart held while paused' : latestText(quietMs, isLost)}
        </span>
      </figcaption>
    </figure>
  );
}

/** Silence and a fault must not look the same. */
function latestText(quietMs: number | undefined, isLost: boolean): string {
  const connection = isLost ? 'No connection · ' : '';
  if (quietMs === undefined) return `${connection}No event yet`;
  return `${connection}Last event ${quietMs < 1_000 ? 'just now' : `${span(quietMs)} ago`}`;
}

/** One kind's part of every bar, as one shape. */
function pathOf(bars: readonly RateBar[], kind: number, full: number): string {
  let path = '';
  bars.forEach((bar, at) => {
    const own = bar[kind] ?? 0;
    if (own === 0) return;
    let below = 0;
    for (let lower = 0; lower < kind; lower += 1) below += bar[lower] ?? 0;
    const high = (own / full) * heightPx;
    const top = heightPx - ((below + own) / full) * heightPx;
    path += `M${at * barWidth + gap / 2} ${top.toFixed(2)}h${barWidth - gap}v${high.toFixed(2)}h${gap - barWidth}z`;
  });
  return path;
}

function totalsText(bars: readonly RateBar[]): string {
  const totals = rateKinds.map((kind, index) => {
    const total = bars.reduce((sum, bar) => sum + (bar[index] ?? 0), 0);
    return `${kind.replace('-', ' ')} ${count(total)}`;
  });
  return `In all: ${totals.join(', ')}.`;
}
