import { createConfig, lintFromString } from '@redocly/openapi-core';
import spectral, { type RulesetDefinition } from '@stoplight/spectral-core';
import rulesets from '@stoplight/spectral-rulesets';
import { expect, it } from 'vitest';
import { createDocument } from './openapi.ts';

const source = JSON.stringify(createDocument('1.2.3'));
const patientMs = 60_000;

async function redocly(text: string): Promise<string[]> {
  const config = await createConfig({ extends: ['recommended-strict'] });
  const problems = await lintFromString({ source: text, absoluteRef: '/openapi.json', config });
  return problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer}`);
}

async function stoplight(text: string): Promise<string[]> {
  const linter = new spectral.Spectral();
  // Its types do not take its own rules.
  linter.setRuleset({ extends: [[rulesets.oas as RulesetDefinition, 'recommended']] });
  const found = await linter.run(JSON.parse(text));
  return found.map(({ code, message, path }) => `${code}: ${message} ${path.join('/')}`);
}

it.each([
  ['Redocly, recommended-strict', redocly],
  ['Spectral, spectral:oas', stoplight],
] as const)(
  '%s finds nothing in the OpenAPI document, and would',
  async (_, lint) => {
    expect(await lint(source)).toEqual([]);
    const worse = source.replace('"operationId":"readOrder"', '"operationId":"listOrders"');
    expect(worse).not.toBe(source);
    expect((await lint(worse)).join()).toMatch(/operation-?operationId-unique/i);
  },
  patientMs,
);
