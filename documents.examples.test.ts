/** Checks every JSON message in the documents against its schema. */

import { expect, it } from 'vitest';
import type { z } from 'zod';
import { errorKinds } from './protocol/errors.ts';
import { eventNames } from './protocol/events.ts';
import { schemas } from './protocol/messages.ts';
import { problemSchema } from './protocol/rest.ts';
import { requestNamed } from './server/legacy/dialects.ts';
import { documents, elided, fencedBlocks, readDocument, valuesIn } from './testkit/documents.ts';

type ExampleMessage = Readonly<Record<string, unknown>>;

/** An object and all objects inside it. */
function objectsIn(value: unknown): ExampleMessage[] {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.values(value).flatMap(objectsIn);
  return Array.isArray(value) ? inside : [value as ExampleMessage, ...inside];
}

const isWhole = (shown: ExampleMessage): boolean => !JSON.stringify(shown).includes(elided);
const isEvent = (name: unknown): boolean => eventNames.some((event) => event === name);

const isPlainRequest = (name: unknown): boolean =>
  typeof name === 'string' && requestNamed(name) !== undefined;

/** Names of messages that are not events of parcels. */
const messageNames = [
  ...['hello', 'commands', 'offers', 'duty'],
  ...['welcome', 'parcels', 'events', 'answer', 'error', 'presence', 'notice'],
];

/** Finds the message's schema by its fields. */
const kinds: readonly (readonly [name: string, is: (shown: ExampleMessage) => boolean, schema: z.ZodType])[] =
  [
    ['record', (shown) => 'seq' in shown && 'event' in shown, schemas.record],
    ['parcel', (shown) => 'attempts' in shown, schemas.parcel],
    ['answer', (shown) => shown['ok'] === false || (shown['ok'] === true && 'seq' in shown), schemas.answer],
    ['offers', (shown) => shown['ok'] === true && 'items' in shown, schemas.offers],
    ['problem', (shown) => 'type' in shown && 'title' in shown, problemSchema],
    ['error', (shown) => 'retryable' in shown && 'message' in shown, schemas.error],
    ['events', (shown) => 'feed' in shown, schemas.events],
    ['parcels', (shown) => 'upTo' in shown && 'more' in shown, schemas.parcels],
    ['welcome', (shown) => 'epoch' in shown, schemas.welcome],
    ['presence', (shown) => 'joined' in shown || 'all' in shown, schemas.presence],
    ['notice', (shown) => 'kind' in shown, schemas.notice],
    ['handshake', (shown) => 'protocol' in shown && 'role' in shown, schemas.handshake],
    [
      'command',
      (shown) => isEvent(shown['event']) && 'payload' in shown && !('seq' in shown),
      schemas.command,
    ],
  ];

interface Example {
  readonly kind: string;
  readonly shown: ExampleMessage;
  readonly schema: z.ZodType;
}

const shownIn = (text: string): ExampleMessage[] =>
  fencedBlocks(text).flatMap((block) => valuesIn(block).flatMap(objectsIn));

const examplesIn = (text: string): Example[] =>
  shownIn(text).flatMap((shown) => {
    const [kind, , schema] = kinds.find(([, is]) => is(shown)) ?? [];
    return kind && schema ? [{ kind, shown, schema }] : [];
  });

function unknownMessages(text: string): string[] {
  return shownIn(text).flatMap(({ event, payload }) => {
    const isKnown = isEvent(event) || messageNames.some((name) => name === event) || isPlainRequest(event);
    return event === undefined || payload === undefined || isKnown ? [] : [`no message is called ${event}`];
  });
}

/** @returns the faults in a document's examples */
function wrongExamples(text: string): string[] {
  const wrong = examplesIn(text).flatMap(({ kind, shown, schema }) => {
    const found: string[] = [];
    // Optional in the schema because older logs lack it; examples must show it.
    if (kind === 'record' && !('holder' in shown)) found.push('a record without its holder');
    if (kind === 'problem') {
      const { code, title } = shown;
      const expected = Object.entries(errorKinds).find(([one]) => one === code)?.[1].message;
      if (title !== expected) found.push(`a title that is not that of ${String(code)}`);
    }
    const { error } = isWhole(shown) ? schema.safeParse(shown) : { error: undefined };
    return error ? [...found, `no ${kind}: ${JSON.stringify(shown)}: ${error.message}`] : found;
  });
  return [...unknownMessages(text), ...wrong];
}

it.each(documents)('every message in %s fits the protocol', (path) => {
  expect(wrongExamples(readDocument(path))).toEqual([]);
});

it('the chapters on the protocol and on REST show a message of each kind', () => {
  const shown = new Set(
    ['docs/protocol.md', 'docs/rest.md'].flatMap((path) =>
      examplesIn(readDocument(path)).map(({ kind }) => kind),
    ),
  );
  expect([...shown].toSorted()).toEqual(kinds.map(([name]) => name).toSorted());
});

it('a wrong example of each sort is found', () => {
  const fenced = (text: string): string => `\`\`\`jsonc\n${text}\n\`\`\`\n`;
  const record = '"seq": 1, "event": "pickup", "payload": {…}';
  const taken =
    '"type": "/docs/errors/taken", "title": "Taken.", "status": 409, "detail": "", "retryable": false';
  expect(wrongExamples(fenced(`{ ${record}, "holder": null }`))).toEqual([]);
  expect(wrongExamples(fenced(`{ ${record} }`))).toEqual(['a record without its holder']);
  expect(wrongExamples(fenced(`{ ${taken}, "code": "taken" }`))).toEqual([
    'a title that is not that of taken',
  ]);
  expect(wrongExamples(fenced('// →\n{ "ok": true, "seq": 1 }')).join()).toMatch(/^no answer: .*rev/s);
  expect(wrongExamples(fenced('{ "event": "gone", "payload": {} }'))).toEqual(['no message is called gone']);
});
