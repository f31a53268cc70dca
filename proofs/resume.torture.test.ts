import { expect, test } from 'vitest';
import { inWords } from '../testkit/verdict.ts';
import { inFigures, seed, tell } from './proof.ts';
import { isLate, resumeRun } from './resume-run.ts';

const clients = Number(process.env['CLIENTS'] ?? 200);
const answers = Number(process.env['ANSWERS'] ?? 60_000);
const perSecond = Number(process.env['RATE'] ?? 2_000);

test('[D3] clients whose network breaks at random receive every record of theirs once and in order', {
  timeout: 20 * 60_000,
}, async (context) => {
  const load = {
    crew: 16,
    windowMax: 16,
    perSecond,
    answers,
    awayMaxMs: 4_000,
    lateTimes: 10,
    settleMs: 120_000,
  };
  const report = await resumeRun({ seed, clients, ...load });
  const { verdict, late, missed } = report;
  const slowest = Math.max(...late.map(({ ms }) => ms));
  tell(context, {
    name: 'resume',
    figure: `${inFigures(clients)} clients, ${inFigures(report.breaks)} breaks, ${inFigures(report.records)} events at ${inFigures(report.perSecond)}/s`,
    seed,
    result: `${inWords(verdict) || 'no faults'}; ${missed} seen as missed and asked again; ${late.length} times ${inFigures(Math.min(...late.map(({ records }) => records)))} missed events or more, there after ${inFigures(slowest)} ms at most`,
  });
  expect(inWords(verdict)).toBe('');
  expect(report.resets).toBe(0);
  expect(isLate(report)).toBe(true);
  expect(late.length).toBe(load.lateTimes);
  // At the promised rate and hardly more, so that no client has to read faster than it can.
  expect(report.perSecond).toBeGreaterThan(perSecond * 0.9);
  expect(report.perSecond).toBeLessThan(perSecond * 1.1);
  expect(slowest).toBeLessThan(1_000);
});
