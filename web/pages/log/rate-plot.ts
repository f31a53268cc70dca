/** The chart, drawn by uPlot: a stacked bar per second. A drag over it selects a time. */

import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { dateFormat } from '../../app/numbers.ts';
import { type RateBar, type RateKind, rateKinds } from './rate-bars.ts';

/** Minimum of the scale, so that a single event does not fill the chart. */
const fullMin = 5;

/** Height of the time axis, and width of a label with margins. */
const axisPx = 16;
const labelPx = 84;
const clock = dateFormat({ timeStyle: 'medium', hourCycle: 'h23' });
const timeText = (second: number) => clock().format(second * 1_000);

/** Whether a label fits without being cut off. */
function hasRoom(plot: UPlot, second: number): boolean {
  const px = plot.valToPos(second, 'x');
  return px >= labelPx / 3 && px <= plot.width - labelPx / 3;
}

export interface RatePlotOptions {
  readonly element: HTMLElement;
  readonly heightPx: number;
  /** Any CSS colour that a canvas understands. */
  readonly colourOf: (kind: RateKind | 'label') => string;
  /** Both in milliseconds since 1970 by the hub's clock. */
  readonly onChosen: (from: number, to: number) => void;
}

export class RatePlot {
  readonly #plot: UPlot;
  readonly #observer: ResizeObserver;

  constructor({ element, heightPx, colourOf, onChosen }: RatePlotOptions) {
    const bars = UPlot.paths.bars?.({ size: [0.8, Number.POSITIVE_INFINITY] });
    const scale = (_plot: UPlot, _min: number, max: number): [number, number] => [0, Math.max(fullMin, max)];
    const options: UPlot.Options = {
      width: Math.max(1, element.clientWidth),
      height: heightPx,
      padding: [2, 0, 0, 0],
      legend: { show: false },
      axes: [
        {
          size: axisPx,
          gap: 2,
          space: labelPx,
          incrs: [30, 60],
          font: '11px system-ui, sans-serif',
          stroke: () => colourOf('label'),
          grid: { show: false },
          ticks: { show: false },
          values: (plot, seconds) => seconds.map((second) => (hasRoom(plot, second) ? timeText(second) : '')),
        },
        { show: false },
      ],
      // In a right-to-left page, time runs from right to left.
      scales: {
        x: { time: false, dir: getComputedStyle(element).direction === 'rtl' ? -1 : 1 },
        y: { range: scale },
      },
      cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
      series: [
        {},
        ...drawnKinds.map((kind) => ({
          fill: () => colourOf(kind),
          width: 0,
          points: { show: false },
          ...(bars ? { paths: bars } : {}),
        })),
      ],
      hooks: {
        setSelect: [
          (plot) => {
            const { left, width } = plot.select;
            if (width < 2) return;
            const ends = [left, left + width].map((px) => plot.posToVal(px, 'x'));
            const [from, to] = [Math.min(...ends), Math.max(...ends)];
            plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            // A bar is centred on its second.
            onChosen(Math.floor(from + 0.5) * 1_000, Math.ceil(to + 0.5) * 1_000 - 1);
          },
        ],
      },
    };
    this.#plot = new UPlot(options, stacked([], 0), element);
    this.#observer = new ResizeObserver(() => {
      this.#plot.setSize({ width: Math.max(1, element.clientWidth), height: heightPx });
    });
    this.#observer.observe(element);
  }

  /** @param second time of the last bar */
  show(bars: readonly RateBar[], second: number): void {
    this.#plot.setData(stacked(bars, second));
  }

  /** Draws with the current colours. */
  redraw(): void {
    // uPlot caches the colours with the paths, so rebuild those.
    this.#plot.redraw(true);
  }

  close(): void {
    this.#observer.disconnect();
    this.#plot.destroy();
  }
}

/** The highest stack is drawn first, the lower ones over it. */
const drawnKinds = rateKinds.toReversed();

function stacked(bars: readonly RateBar[], second: number): UPlot.AlignedData {
  const seconds = bars.map((_, at) => second - bars.length + 1 + at);
  const stacks = drawnKinds.map((_, drawn) => {
    const kinds = drawnKinds.length - drawn;
    return bars.map((bar) => {
      let sum = 0;
      for (let kind = 0; kind < kinds; kind += 1) sum += bar[kind] ?? 0;
      return sum;
    });
  });
  return [seconds, ...stacks];
}
