import { expect, it } from 'vitest';
import { errorCodes, errorKinds } from '../../protocol/errors.ts';
import { unavailableReasons } from '../../protocol/unavailable.ts';
import { messages as arabic } from './ar/shared.ts';
import { messages as german } from './de/shared.ts';
import { messages as english } from './en/shared.ts';
import { formatsOf, isolated } from './formats.ts';

const { error } = german(formatsOf('de'));

it.each(errorCodes)('%s has a text in every language', (code) => {
  const said = errorKinds[code].message;
  expect(english(formatsOf('en')).error(code, said)).toBe(said);
  for (const own of [error, arabic(formatsOf('ar')).error]) {
    expect(own(code, said)).not.toBe(said);
    expect(own(code, said)).not.toContain(said);
  }
});

it.each(Object.values(unavailableReasons))('translates “%s”', (said) => {
  for (const own of [error, arabic(formatsOf('ar')).error]) {
    expect(own('unavailable', said)).not.toContain(said);
    expect(own('unavailable', said)).not.toBe(own('unavailable', errorKinds.unavailable.message));
  }
});

it('appends the hub’s own sentence in its own direction, if it says more than the code', () => {
  const said = 'The order 1042 of red is delivered.';
  expect(error('wrong-status', said)).toBe(`Der Status der Sendung lässt das nicht zu. (${isolated(said)})`);
});

it('shows the hub’s sentence for an unknown code', () => {
  expect(error('no-such-code', 'The road is closed.')).toBe('The road is closed.');
});
