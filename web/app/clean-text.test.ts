import { expect, test } from 'vitest';
import { attacks, peoplesNames } from '../../protocol/characters.samples.ts';
import { textProblem } from '../../protocol/characters.ts';
import { cleanText } from './clean-text.ts';
import { nameProblem } from './names.ts';

test('removes invisible characters around a pasted number, and keeps what people write', () => {
  expect(cleanText('\u202a+1 206 555 0199\u202c ')).toBe('+1 206 555 0199');
  for (const [, name] of peoplesNames) expect(cleanText(name)).toBe(name);
  for (const { char } of attacks) expect(textProblem(cleanText(`1 Main${char} St`))).toBeUndefined();
});

test.each([
  ['red', undefined],
  ['お花', undefined],
  ['', 'Enter a name.'],
  ['r\u200bed', 'Use letters, digits and signs only: this name has U+200B, which cannot be seen.'],
  [
    'r\u202eed',
    'Use letters, digits and signs only: this name has U+202E, which turns the direction of what follows.',
  ],
])('the name %j has the problem: %s', (name, said) => expect(nameProblem(name)).toBe(said));
