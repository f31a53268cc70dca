import { memo, useEffect, useRef, useState } from 'react';
import { useLoaded, useSelect, useStore } from '../../app/hooks.ts';
import { perSecond, span } from '../../app/numbers.ts';
import { logWords } from '../../words/log.ts';
import type { LogStore } from './log-store.ts';
import { isPaused as isPausedIn } from './log-window.ts';
import { type RateBar, type RateKind, rateKinds } from './rate-bars.ts';
import styles from './rate-chart.module.css';
import type { RatePlot } from './rate-plot.ts';

const heightPx = 76;

/** The plot is a third of the page's code, so it is loaded later. Until then the text shows the numbers. */
const loadPlot = () => import('./rate-plot.ts');

/** Events per second over the last two minutes, stacked by status; a drag over it chooses a time. */
export const RateChart = memo(function RateChart({ store }: { store: LogStore }) {
  const { bars, second, peak, perSecond: present, quietMs } = useStore(store.throughput.rate);
  const isPaused = useSelect(store.log, ({ mode }) => isPausedIn(mode));
  const isLost = useSelect(store.live.state, (state) => state.isLost);
  const frame = useRef<HTMLDivElement>(null);
  const colours = useRef<HTMLDivElement>(null);
  const [plot, setPlot] = useState<RatePlot>();
  const code = useLoaded(loadPlot);
  useEffect(() => {
    const [element, sample] = [frame.current, colours.current];
    if (!element || !sample || !code || code === 'missing') return;
    const opened = new code.RatePlot({
      element,
      heightPx,
      colourOf: (kind) => colourIn(sample, kind),
      onChosen: (from, to) => void store.choose(from, to),
    });
    setPlot(opened);
    const end = onThemeChange(() => opened.redraw());
    return () => {
      end();
      setPlot(undefined);
      opened.close();
    };
  }, [store, code]);
  useEffect(() => plot?.show(bars, second), [plot, bars, second]);
  const words = logWords().chart;
  const rate = words.rate(perSecond(present), perSecond(peak));
  return (
    <figure className={styles['chart']} data-paused={isPaused || undefined}>
      <div
        ref={frame}
        className={styles['plot']}
        role="img"
        aria-label={words.label(bars.length, rate, totalsText(bars))}
      />
      <div ref={colours} hidden>
        {rateKinds.map((kind) => (
          <span key={kind} className={styles['colour']} data-status={kind} />
        ))}
        <span className={styles['label']} data-status="label" />
      </div>
      <figcaption>
        {!isLost && <span className={styles['now']}>{rate}</span>}
        <span className={styles['latest']} data-fault={isLost || undefined}>
          {isPaused ? words.held : latestText(quietMs, isLost)}
        </span>
      </figcaption>
    </figure>
  );
});

/** Silence and a lost connection must look different. */
function latestText(quietMs: number | undefined, isLost: boolean): string {
  const words = logWords().chart;
  const facts = isLost ? [words.lost] : [];
  if (quietMs === undefined) facts.push(words.noEvent);
  else if (quietMs < 1_000) facts.push(words.lastNow);
  else facts.push(words.last(span(quietMs)));
  return facts.join(' · ');
}

/** A canvas cannot use CSS variables, so colours are read from an element. */
function colourIn(sample: HTMLElement, kind: RateKind | 'label'): string {
  const element = sample.querySelector(`[data-status="${kind}"]`);
  return element ? getComputedStyle(element).color : 'gray';
}

/** @returns unsubscribe */
function onThemeChange(changed: () => void): () => void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  dark.addEventListener('change', changed);
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => {
    dark.removeEventListener('change', changed);
    observer.disconnect();
  };
}

function totalsText(bars: readonly RateBar[]): string {
  const { chart, listed } = logWords();
  const totals = rateKinds.map((kind, index) => {
    const total = bars.reduce((sum, bar) => sum + (bar[index] ?? 0), 0);
    return chart.total(chart.kinds[kind], total);
  });
  return listed(totals);
}
