import spectral, { type RulesetDefinition } from '@stoplight/spectral-core';
import rulesets from '@stoplight/spectral-rulesets';
import { expect, it } from 'vitest';
import { createAsyncApi } from './asyncapi.ts';

const source = JSON.stringify(createAsyncApi('1.2.3'));
const patientMs = 60_000;

/** Against the JSON Schema of AsyncAPI itself, each example against its message. */
async function lint(text: string): Promise<string[]> {
  const linter = new spectral.Spectral();
  // Its types do not take its own rules. Tools know 3.0, and nobody here has an address of their own.
  linter.setRuleset({
    extends: [[rulesets.asyncapi as RulesetDefinition, 'all']],
    rules: { 'asyncapi-latest-version': 'off', 'asyncapi-info-contact-properties': 'off' },
  });
  const found = await linter.run(JSON.parse(text));
  return found.map(({ code, message, path }) => `${code}: ${message} ${path.join('/')}`);
}

it(
  'Spectral, spectral:asyncapi, finds nothing in the AsyncAPI document, and would',
  async () => {
    expect(await lint(source)).toEqual([]);
    const worse = source.replace('"action":"receive"', '"action":"listen"');
    expect(worse).not.toBe(source);
    expect((await lint(worse)).join()).toMatch(/asyncapi-3-document/);
  },
  patientMs,
);
