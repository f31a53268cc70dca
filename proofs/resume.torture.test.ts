import { expect, test } from 'vitest';
import { inWords } from '../testkit/verdict.ts';
import { inFigures, seed, tell } from './proof.ts';
import { isLate, resumeRun } from './resume-run.ts';

const clients = Number(process.env['CLIENTS'] ?? 200);
const answers = Number(process.env['ANSWERS'] ?? 60_000);

test('[D3] clients who are away at random hear of all that is theirs, once and in order', async (context) => {
  const load = { windowMax: 48, awayMaxMs: 4_000, settleMs: 120_000 };
  const report = await resumeRun({ seed, clients, answers, ...load });
  const { verdict, late, missed } = report;
  tell(context, {
    name: 'resume',
    figure: `${inFigures(clients)} clients, ${inFigures(report.breaks)} breaks, ${inFigures(report.records)} events at ${inFigures(report.perSecond)}/s`,
    seed,
    result: `${inWords(verdict) || 'no faults'}; ${missed} seen as missed and asked again; ${inFigures(late.records)} missed events there after ${inFigures(late.ms)} ms`,
  });
  expect(inWords(verdict)).toBe('');
  expect(report.resets).toBe(0);
  expect(isLate(report)).toBe(true);
});
