import { expect, test } from 'vitest';
import { inWords } from '../testkit/verdict.ts';
import { inFigures, seed, tell } from './proof.ts';
import { soakRun } from './soak-run.ts';

const minutes = Number(process.env['MINUTES'] ?? 10);
/** A short run has shorter breaks. */
const scale = Math.min(1, minutes / 10);

/** Commands per second. The hub records 60, because some clients, and at times the hub, are down. */
const perSecond = 70;

test('[W2] [W3] [W4] [W5] every page shows what the log says after ten minutes of breaks, kills and a stop', async (context) => {
  const report = await soakRun({
    ...{ seed, minutes, shops: 40, drivers: 25, perSecond },
    breakMs: [10_000 * scale, 120_000 * scale],
    frozenMs: 100_000 * scale,
  });
  const { verdict, differences, heapGrowthMb, listenerGrowth } = report;
  tell(context, {
    name: 'soak',
    figure: `${minutes} min, ${inFigures(report.records)} events, ${report.breaks} breaks, 2 kills, 1 stop`,
    seed,
    result: [
      inWords(verdict) || 'no faults',
      differences.join('; ') || 'every page shows what the log says',
      report.memory,
    ].join('; '),
  });
  expect(differences).toEqual([]);
  expect(inWords(verdict)).toBe('');
  expect(heapGrowthMb).toBeLessThan(20);
  expect(listenerGrowth).toBeLessThan(200);
});
