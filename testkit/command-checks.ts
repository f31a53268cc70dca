/** Compares the quick check of commands with the schema, on commands that are almost right. */

import { isDeepStrictEqual } from 'node:util';
import { fitsLimits } from '../protocol/json.ts';
import { limits } from '../protocol/limits.ts';
import { commandSchema } from '../protocol/messages.ts';
import { usualCommand } from '../protocol/usual-command.ts';
import { type Chance, seeded } from './chance.ts';

const ids = [
  'red',
  '42',
  '0193e4a1-7a52-7c11-8f4e-2b7c8d9e0f1a',
  'a',
  'x'.repeat(128),
  '!',
  '}',
  '0',
  '..',
  '%2f',
];
const oddIds = [
  '',
  ' ',
  ' red',
  'red ',
  'r d',
  '42~2',
  '42~1',
  '~',
  'Zoë',
  'x'.repeat(129),
  '\u0000',
  '\u202e',
  'a\nb',
  '__proto__',
];
const texts = [
  'Hulda Sophie Parker',
  '835 Meluk Pass, Hodtinihi',
  'x',
  'a  b',
  'ends in a space ',
  '~',
  'y'.repeat(256),
];
const oddTexts = [
  '',
  ' ',
  ' begins with one',
  'z'.repeat(257),
  'z'.repeat(1_025),
  'Zoë 🦩',
  'two\nlines',
  '\t',
  '\u0007',
  '\ud83d',
];
const moments = [
  '2026-11-30T12:00:00.000Z',
  '2024-02-28T23:59:59.999Z',
  '2026-12-31T00:00:00.000Z',
  '0001-01-01T00:00:00.000Z',
];
const oddMoments = [
  ...[
    '2024-02-29T12:00:00.000Z',
    '2026-02-29T12:00:00.000Z',
    '2026-02-30T12:00:00.000Z',
    '2026-11-31T12:00:00.000Z',
  ],
  ...[
    '2026-04-31T12:00:00.000Z',
    '2026-13-01T12:00:00.000Z',
    '2026-00-10T12:00:00.000Z',
    '2026-01-00T12:00:00.000Z',
  ],
  ...[
    '2026-11-30T24:00:00.000Z',
    '2026-11-30T12:60:00.000Z',
    '2026-11-30T12:00:60.000Z',
    '2026-11-30T12:00:00Z',
  ],
  ...[
    '2026-11-30T12:00:00.000+01:00',
    '2026-11-30 12:00:00.000Z',
    'yesterday',
    '',
    '2026-11-30T12:00:00.000Z\n',
  ],
];
const events = ['pickup', 'pickup', 'in-transit', 'delivered', 'claimed', 'note', 'Pickup', ''];
const strangers: readonly unknown[] = [undefined, null, 0, 42, true, [], {}, ['red'], Number.NaN];

/**
 * Makes commands and checks them both ways.
 * @returns how many the quick check took
 * @throws Error on the first on which they differ
 */
export function compareChecks(count: number, seed: number): { taken: number } {
  const chance = seeded(seed);
  let taken = 0;
  for (let i = 0; i < count; i += 1) {
    const input = inputFrom(chance);
    const quick = usualCommand(input);
    if (!quick) continue;
    taken += 1;
    fitsLimits(input, limits.commandBytes);
    const slow = commandSchema.parse(input);
    // The order of the payload's keys is part of what records repeat.
    const isSame =
      JSON.stringify(quick.payload) === JSON.stringify(slow.payload) && isDeepStrictEqual(quick, slow);
    if (!isSame) throw new Error(`the checks differ on ${JSON.stringify(input)}`);
  }
  return { taken };
}

function inputFrom(chance: Chance): unknown {
  const oneIn = (n: number) => chance.int(1, n) === 1;
  const anyOf = (list: readonly unknown[]) => list[chance.int(0, list.length - 1)];
  const some = (usual: readonly unknown[], odd: readonly unknown[]) =>
    anyOf(!oneIn(12) ? usual : oneIn(4) ? strangers : odd);
  const event = chance.pick(events);
  const payload: Record<string, unknown> = {};
  const fields: [string, unknown][] = [
    ['store', some(ids, oddIds)],
    ['orderID', some(ids, oddIds)],
  ];
  if (event === 'pickup' || oneIn(20)) {
    fields.push(['customer', some(texts, oddTexts)], ['address', some(texts, oddTexts)]);
  }
  if (oneIn(10))
    fields.push([chance.pick(['note', 'phone', 'dueAt', 'weight', 'toString']), some(texts, strangers)]);
  if (oneIn(3)) fields.reverse();
  for (const [name, value] of fields) if (!oneIn(40)) payload[name] = value;
  const command: [string, unknown][] = [
    ['event', event],
    ['payload', oneIn(40) ? anyOf(strangers) : payload],
  ];
  if (!oneIn(4)) command.push(['id', some(ids, oddIds)]);
  if (!oneIn(3)) command.push(['occurredAt', some(moments, oddMoments)]);
  if (oneIn(10)) command.push([chance.pick(['details', 'via', 'seq']), anyOf(strangers)]);
  if (oneIn(3)) command.reverse();
  if (oneIn(100)) return anyOf(strangers);
  return oneIn(50)
    ? Object.assign(Object.create({ event: 'pickup' }), Object.fromEntries(command))
    : Object.fromEntries(command);
}
