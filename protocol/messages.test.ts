import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { CapsError, errorCodes, errorKinds } from './errors.ts';
import { type EventName, eventNames, failReasons, outcomes } from './events.ts';
import { limits, PROTOCOL_VERSION } from './limits.ts';
import { type Command, parseCommand, parseHandshake, schemas } from './messages.ts';

const time = '2026-11-20T18:03:11.246Z';
const key = { store: '1-206-flowers', orderID: 'mi8qe' };
const order = { ...key, customer: 'Hulda Sophie Parker', address: '835 Meluk Pass' };
const by = { role: 'driver', id: 'ana', name: 'Ana' };
const record = {
  ...{ seq: 42, event: 'attempt-failed', time, status: 'failed', rev: 4, payload: order },
  ...{ details: { reason: 'not-home' }, by, via: 'socket.io', occurredAt: time },
};
const parcel = { payload: order, status: 'ready', rev: 1, attempts: 0, createdAt: time, changedAt: time };
const error = { code: 'busy', message: 'Later.', retryable: true };
const connection = { id: 'c1', role: 'driver', who: 'ana', door: 'socket.io', since: time, lastSeen: time };

/** One good message for each schema, and its required parts. */
const samples: Record<keyof typeof schemas, readonly [good: object, needed: readonly string[]]> = {
  handshake: [{ protocol: 1, role: 'vendor', store: 'red' }, ['protocol', 'role', 'store']],
  command: [{ event: 'pickup', payload: order, id: 'a', occurredAt: time }, ['event', 'payload']],
  answer: [{ ok: true, seq: 1, rev: 1, status: 'ready', time }, ['ok', 'seq', 'rev', 'status', 'time']],
  record: [record, ['seq', 'event', 'time', 'status', 'rev', 'payload', 'by', 'via']],
  parcel: [parcel, ['payload', 'status', 'rev', 'attempts', 'createdAt', 'changedAt']],
  welcome: [{ protocol: 1, epoch: 'e', head: 0, actor: by }, ['protocol', 'epoch', 'head', 'actor']],
  parcels: [{ upTo: 0, items: [parcel], more: false }, ['upTo', 'items', 'more']],
  moreOffers: [{ from: '7' }, []],
  offers: [{ items: [parcel], ready: 1, next: '7' }, ['items', 'ready']],
  events: [{ feed: 'log', prev: 41, upTo: 42, records: [record] }, ['feed', 'prev', 'upTo', 'records']],
  presence: [{ all: [connection], left: ['c2'] }, []],
  notice: [
    { time, kind: 'hub', message: 'm', door: 'hub', count: 1 },
    ['time', 'kind', 'message', 'door', 'count'],
  ],
  health: [{ recording: false, since: time }, ['recording']],
  error: [error, ['code', 'message', 'retryable']],
};

describe.each(Object.entries(samples))('%s', (name, [good, needed]) => {
  const success = (input: unknown): boolean => schemas[name as keyof typeof schemas].safeParse(input).success;

  it('takes a good one', () => expect(success(good)).toBe(true));

  it.each([null, undefined, true, 7, 'text', [[]], [[good]]])('refuses %j', (input) => {
    expect(success(input)).toBe(false);
  });

  it('refuses one without a part that it needs, or with null in its place', () => {
    for (const field of needed) {
      const { [field]: _, ...rest } = good as Record<string, unknown>;
      expect([field, success(rest), success({ ...rest, [field]: null })]).toEqual([field, false, false]);
    }
  });

  it('accepts one without its optional parts', () => {
    const only = Object.fromEntries(Object.entries(good).filter(([field]) => needed.includes(field)));
    expect(success(only)).toBe(true);
  });
});

/** The parser's result for any input. */
function refusal(read: () => unknown): CapsError | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof CapsError) return error;
    throw error;
  }
}
const codeOf = (input: unknown): string => refusal(() => parseCommand(input))?.code ?? 'ok';
const pickup = (data: object): object => ({ event: 'pickup', payload: { ...order, ...data } });
const text = (length: number): string => 'x'.repeat(length);
/** The same limit from both sides. */
const around = (limit: number): readonly [number, boolean][] => [
  [limit - 1, true],
  [limit, true],
  [limit + 1, false],
];

describe('a command', () => {
  it('exists for every event, with the details of that event', () => {
    expectTypeOf<Command['event']>().toEqualTypeOf<EventName>();
    const details: Record<string, object> = {
      'attempt-failed': { reason: 'not-home', text: 'no answer' },
      reassigned: { driver: 'ana', name: 'Ana' },
      corrected: { rev: 3 },
      note: { text: 'the bell is broken', urgent: true },
      amended: { address: '1 New Street', phone: null },
      seen: { rev: 3 },
      proof: { kind: 'photo', blob: '0f'.repeat(32), text: 'at the door', rev: 3 },
    };
    for (const event of eventNames) {
      const given = { event, payload: event === 'pickup' ? order : key };
      const needs = details[event];
      expect([event, codeOf(given)]).toEqual([event, needs ? 'bad-message' : 'ok']);
      if (needs) expect([event, codeOf({ ...given, details: needs })]).toEqual([event, 'ok']);
      expect([event, codeOf({ ...given, details: { ...needs, more: 1 } })]).toEqual([event, 'bad-message']);
    }
    for (const reason of failReasons) {
      expect(codeOf({ event: 'attempt-failed', payload: key, details: { reason } })).toBe('ok');
    }
    for (const outcome of outcomes) {
      expect(codeOf({ event: 'delivered', payload: key, details: { outcome, receivedBy: 'Bo' } })).toBe('ok');
    }
  });

  it('keeps unknown keys of an order, and of nothing else', () => {
    const more = { items: ['rose'], gift: true, constructor: 'x', nested: { a: null } };
    expect(parseCommand(pickup(more)).payload).toEqual({ ...order, ...more });
    expect(parseCommand({ event: 'claimed', payload: { ...order, ...more } }).payload).toEqual(key);
  });

  it.each([
    ['no object', 'text', 'bad-message'],
    ['null', null, 'bad-message'],
    ['nothing', undefined, 'bad-message'],
    ['a number', 42, 'bad-message'],
    ['a list', [pickup({})], 'bad-message'],
    ['an empty object', {}, 'bad-message'],
    ['an event that we do not know', { event: 'teleported', payload: key }, 'unknown-event'],
    [
      'an event called like a property of every object',
      { event: 'constructor', payload: key },
      'unknown-event',
    ],
    ['an event in capitals', { event: 'PICKUP', payload: order }, 'unknown-event'],
    ['an empty event', { event: '', payload: key }, 'unknown-event'],
    ['an event that is no text', { event: 7, payload: key }, 'bad-message'],
    ['a payload of null', { event: 'claimed', payload: null }, 'bad-message'],
    ['a payload that is a list', { event: 'claimed', payload: [key] }, 'bad-message'],
    ['a field that we do not know', { event: 'claimed', payload: key, extra: 1 }, 'bad-message'],
    ['details of null', { event: 'claimed', payload: key, details: null }, 'bad-message'],
    ['an order without a customer', { event: 'pickup', payload: key }, 'bad-message'],
    ['an empty address', pickup({ address: '' }), 'bad-message'],
    ['a number for a store', pickup({ store: 7 }), 'bad-message'],
    ['an id with a line break', pickup({ orderID: 'a\nb' }), 'bad-message'],
    ['an id with a space around it', pickup({ orderID: ' a' }), 'bad-message'],
    [
      'a reason that is not on the list',
      { event: 'attempt-failed', payload: key, details: { reason: 'rain' } },
      'bad-message',
    ],
    ['a moment without a zone', pickup({ dueAt: '2026-11-20T18:03:11' }), 'bad-message'],
    ['a day that does not exist', { ...pickup({}), occurredAt: '2026-02-30T00:00:00Z' }, 'bad-message'],
    ...['2026-02-30', '2026-04-31', '2026-02-29'].map((day): [string, unknown, string] => [
      `due on ${day}`,
      pickup({ dueAt: `${day}T10:00:00+01:00` }),
      'bad-message',
    ]),
    ['half of a character', pickup({ note: '\ud83d' }), 'bad-message'],
    ['half of a character in a key', pickup({ '\ude00': 1 }), 'bad-message'],
    ['__proto__', JSON.parse('{"event":"claimed","payload":{"__proto__":{"store":"red"}}}'), 'bad-message'],
    ['__proto__ deep inside', pickup({ a: [JSON.parse('{"__proto__":1}')] }), 'bad-message'],
    ['bytes', pickup({ photo: new Uint8Array(3) }), 'bad-message'],
    ['5,000 objects in each other', JSON.parse(`${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`), 'too-large'],
    [
      '5,000 lists in each other',
      pickup({ a: JSON.parse('['.repeat(5_000) + ']'.repeat(5_000)) }),
      'too-large',
    ],
  ])('is refused as %s', (_, input, code) => expect(codeOf(input)).toBe(code));

  it('may be exactly as large as its limits', () => {
    for (const [length, fits] of around(limits.stringLength)) {
      expect([length, codeOf(pickup({ note: text(length) }))]).toEqual([length, fits ? 'ok' : 'too-large']);
    }
    for (const [length, fits] of around(limits.idLength)) {
      const expected = [length, fits ? 'ok' : 'bad-message'];
      expect([length, codeOf(pickup({ orderID: text(length) }))]).toEqual(expected);
      expect([length, codeOf({ ...pickup({}), id: text(length) })]).toEqual(expected);
    }
    for (const [count, fits] of around(limits.keys)) {
      const more = Object.fromEntries(Array.from({ length: count - 4 }, (_, i) => [`key${i}`, i]));
      expect([count, codeOf(pickup(more))]).toEqual([count, fits ? 'ok' : 'too-large']);
    }
    for (const [depth, fits] of around(limits.depth)) {
      // The command and its payload take two levels.
      const deep = JSON.parse('['.repeat(depth - 2) + ']'.repeat(depth - 2));
      expect([depth, codeOf(pickup({ deep }))]).toEqual([depth, fits ? 'ok' : 'too-large']);
    }
  });

  it('is refused with the name of the wrong field, without its value', () => {
    const found = refusal(() => parseCommand(pickup({ store: 'secret'.repeat(40) })));
    expect(found?.details).toEqual({ field: 'payload.store' });
    expect(found?.message).not.toContain('secret');
  });
});

describe('a handshake', () => {
  const codeOf = (input: unknown): string => refusal(() => parseHandshake(input))?.code ?? 'ok';
  const base = { protocol: PROTOCOL_VERSION, role: 'driver', driver: 'ana' };

  it.each([
    ['a store', { ...base, role: 'vendor', store: 'red' }],
    ['a driver', base],
    ['an admin', { protocol: 1, role: 'admin' }],
    ['a customer with a key', { protocol: 1, role: 'customer', key: 'trk_1' }],
    ['one who comes back', { ...base, after: 'epoch.42' }],
    ['one who wants it from the beginning', { ...base, after: 0 }],
    ['a later version, which the hub refuses in its own words', { ...base, protocol: 99 }],
  ])('may be of %s', (_, input) => expect(codeOf(input)).toBe('ok'));

  it.each([
    ['nothing', undefined, 'bad-message'],
    ['no role', { protocol: 1 }, 'bad-message'],
    ['a role of ours', { ...base, role: 'hub' }, 'bad-message'],
    ['a vendor without a store', { protocol: 1, role: 'vendor' }, 'bad-message'],
    ['a driver without a name', { protocol: 1, role: 'driver' }, 'bad-message'],
    ['a protocol in words', { ...base, protocol: 'one' }, 'bad-message'],
    ['an endless cursor', { ...base, after: text(65) }, 'bad-message'],
    ['a cursor that is a number but not 0', { ...base, after: 7 }, 'bad-message'],
    ['a long name', { ...base, name: text(limits.nameLength + 1) }, 'bad-message'],
    ['a long key', { ...base, key: text(limits.stringLength + 1) }, 'too-large'],
  ])('is refused with %s', (_, input, code) => expect(codeOf(input)).toBe(code));
});

describe('anything at all', () => {
  const nearly = fc.oneof(
    fc.jsonValue(),
    fc.record({ event: fc.oneof(fc.constantFrom(...eventNames), fc.string()), payload: fc.jsonValue() }),
    fc.record(
      {
        event: fc.constantFrom(...eventNames),
        payload: fc.record({
          store: fc.string(),
          orderID: fc.string(),
          customer: fc.string(),
          address: fc.jsonValue(),
        }),
        details: fc.jsonValue(),
        id: fc.oneof(fc.string(), fc.jsonValue()),
      },
      { requiredKeys: ['event'] },
    ),
    fc.record({
      protocol: fc.jsonValue(),
      role: fc.constantFrom('vendor', 'driver', 'admin'),
      store: fc.jsonValue(),
    }),
  );

  it('is a message or is refused with an error of the list', () => {
    fc.assert(
      fc.property(nearly, (input) => {
        // JSON from the wire, where "__proto__" is a key like others.
        const received: unknown = JSON.parse(JSON.stringify(input));
        for (const read of [parseCommand, parseHandshake]) {
          const found = refusal(() => read(received));
          if (found) expect(found.message).not.toBe('');
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('errors', () => {
  it('each have a sentence and an HTTP status, and say whether a retry helps', () => {
    for (const code of errorCodes) {
      const { message, retryable, http } = errorKinds[code];
      expect(message).toMatch(/^[A-Z].*\.$/);
      expect(http).toBeGreaterThanOrEqual(400);
      expect(schemas.error.parse(new CapsError(code).toWire())).toEqual({ code, message, retryable });
    }
  });

  it('quote only a little of a large input', () => {
    const keys = Array.from({ length: 20 }, (_, i) => [`${'k'.repeat(700)}${i}`, 1]);
    const note = { event: 'note', payload: { store: 'red', orderID: '1' }, details: { text: 'Hi' } };
    const found = refusal(() => parseCommand({ ...note, ...Object.fromEntries(keys) }));
    expect(found?.code).toBe('bad-message');
    expect(found?.message.length).toBeLessThan(250);
  });

  it('keep their cause to themselves', () => {
    const found = new CapsError('internal', 'Sorry.', { cause: new Error('secret'), details: { a: 1 } });
    expect(found.cause).toBeInstanceOf(Error);
    expect(JSON.stringify(found.toWire())).toBe(
      '{"code":"internal","message":"Sorry.","retryable":false,"details":{"a":1}}',
    );
  });
});
