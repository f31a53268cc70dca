/** What every door accepts and answers. Each door runs this suite with its own adapter. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Identity } from '../../client/client.ts';
import { attacks, peoplesNames } from '../../protocol/characters.samples.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';
import { orderOf, stepOf, type TestClient } from '../test-client.ts';

export interface Door {
  connect(who: Identity): Promise<TestClient>;
  /** Malformed input that also ends the connection. */
  readonly hangsUpOn?: string;
  close(): Promise<void>;
}

const long = 'x'.repeat(limits.stringLength + 1);
const nested = (levels: number): object => (levels === 0 ? {} : { a: nested(levels - 1) });
const many = (count: number, value: string): object =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, value]));

/** Malformed input, and the error that refuses it. */
export const malformed: readonly (readonly [name: string, input: object, code: ErrorCode])[] = [
  ['an unknown event', stepOf('explode', 'red', 'a'), 'unknown-event'],
  ['an event that is a part of every object', stepOf('__proto__', 'red', 'a'), 'unknown-event'],
  ['no event', { payload: { store: 'red', orderID: 'a' } }, 'bad-message'],
  ['an event that is a number', { event: 7, payload: { store: 'red', orderID: 'a' } }, 'bad-message'],
  ['no payload', { event: 'pickup' }, 'bad-message'],
  ['a payload that is null', { event: 'pickup', payload: null }, 'bad-message'],
  ['a payload that is a list', { event: 'pickup', payload: ['red', 'a'] }, 'bad-message'],
  ['no store', { event: 'cancelled', payload: { orderID: 'a' } }, 'bad-message'],
  ['an order id that nobody can see', orderOf('red', '\u200b'), 'bad-message'],
  ['an order id with a line break', orderOf('red', 'a\nb'), 'bad-message'],
  ['an order id that is too long', orderOf('red', 'x'.repeat(limits.idLength + 1)), 'bad-message'],
  ...attacks.map(
    ({ char, point }) => [`an order id with ${point}`, orderOf('red', `re${char}d`), 'bad-message'] as const,
  ),
  ...attacks
    .filter(({ harms }) => harms)
    .map(
      ({ char, point }) =>
        [`a note with ${point}`, orderOf('red', 'a', { note: `a${char}b` }), 'bad-message'] as const,
    ),
  ['no customer', orderOf('red', 'a', { customer: undefined }), 'bad-message'],
  ['a customer that is no text', orderOf('red', 'a', { customer: { first: 'Ana' } }), 'bad-message'],
  ['a text that is too long', orderOf('red', 'a', { address: long }), 'too-large'],
  ['a due time that is none', orderOf('red', 'a', { dueAt: 'tomorrow' }), 'bad-message'],
  ['half of a character', orderOf('red', 'a', { customer: '\ud83d' }), 'bad-message'],
  ['too many keys', orderOf('red', 'a', many(limits.keys, 'x')), 'too-large'],
  ['too much nesting', orderOf('red', 'a', { more: nested(limits.depth) }), 'too-large'],
  ['too many bytes', orderOf('red', 'a', many(20, 'x'.repeat(1_000))), 'too-large'],
  ['JSON nested 1,000 deep', orderOf('red', 'a', { more: nested(1_000) }), 'too-large'],
  ['a part that nobody knows', { ...orderOf('red', 'a'), urgent: true }, 'bad-message'],
  ['details that do not belong', { ...orderOf('red', 'a'), details: { reason: 'x' } }, 'bad-message'],
  ['a note without text', stepOf('note', 'red', 'known', { details: {} }), 'bad-message'],
  ['a moment that is none', { ...orderOf('red', 'a'), occurredAt: 'now' }, 'bad-message'],
  ['a parcel that does not exist', stepOf('cancelled', 'red', 'no such'), 'unknown-parcel'],
  ['another store’s parcel', stepOf('cancelled', 'blue', 'theirs'), 'unknown-parcel'],
  ['an order of another store', orderOf('blue', 'b'), 'not-allowed'],
  ['a step of somebody else’s', stepOf('claimed', 'red', 'known'), 'not-allowed'],
  ['a step that does not fit', stepOf('returned', 'red', 'known'), 'wrong-status'],
  ['an order id that is used already', orderOf('red', 'known', { customer: 'Ida' }), 'conflict'],
];

export function describeDoor(name: string, open: () => Promise<Door>): void {
  describe(`the door: ${name}`, () => {
    let door: Door;
    let shop: TestClient;
    let neighbour: TestClient;
    let dispatch: TestClient;
    let ana: TestClient;
    let ben: TestClient;
    beforeAll(async () => {
      door = await open();
      shop = await door.connect({ role: 'vendor', store: 'red' });
      neighbour = await door.connect({ role: 'vendor', store: 'blue' });
      dispatch = await door.connect({ role: 'admin' });
      ana = await door.connect({ role: 'driver', driver: 'ana', name: 'Ana' });
      ben = await door.connect({ role: 'driver', driver: 'ben' });
    });
    afterAll(async () => {
      for (const client of [shop, neighbour, dispatch, ana, ben]) client.close();
      await door.close();
    });

    it('an order is placed, claimed, collected and delivered, and each hears of it in their own count', async () => {
      await neighbour.send(orderOf('blue', 'theirs'));
      const placed = await shop.send(orderOf('red', 'good', { gift: { wrap: 'blue paper' } }));
      expect(placed).toMatchObject([{ ok: true, seq: 1, rev: 1, status: 'ready' }]);
      const driven = await ana.send(
        ...['claimed', 'in-transit', 'delivered'].map((event) => stepOf(event, 'red', 'good')),
      );
      expect(driven).toMatchObject([
        { seq: 3, rev: 2, status: 'claimed' },
        { seq: 4, rev: 3, status: 'in-transit' },
        { seq: 5, rev: 4, status: 'delivered' },
      ]);
      const expected = { status: 'delivered', rev: 4, by: { role: 'driver', id: 'ana', name: 'Ana' } };
      const payload = { gift: { wrap: 'blue paper' }, customer: 'Hulda' };
      expect(await shop.record('delivered', 'good')).toMatchObject({ ...expected, seq: 4, payload });
      expect(await dispatch.record('delivered', 'good')).toMatchObject({ ...expected, seq: 5, payload });
      expect(await ana.record('delivered', 'good')).toMatchObject({ ...expected, seq: 5, payload });
    });

    it('whoever waits for an order is called as they are called, in whatever script', async () => {
      const orders = peoplesNames.map(([script, customer]) => orderOf('red', `for ${script}`, { customer }));
      expect((await shop.send(...orders)).filter(({ ok }) => !ok)).toEqual([]);
      for (const [script, customer] of peoplesNames) {
        expect((await dispatch.record('pickup', `for ${script}`)).payload.customer).toBe(customer);
      }
    });

    it('[D4] the same command sent again is one record', async () => {
      const command = { ...orderOf('red', 'once'), id: 'o1' };
      const [first, second] = await shop.send(command, command);
      expect(second).toEqual({ ...first, duplicate: true });
      expect(await shop.send(command)).toEqual([second]);
      const [other] = await shop.send({ ...orderOf('red', 'other'), id: 'o1' });
      expect(other).toMatchObject({ ok: false, error: { code: 'id-reused', retryable: false } });
    });

    it('[C1][C2] of two drivers one wins, and the other is told and can do nothing', async () => {
      await shop.send(orderOf('red', 'raced'));
      const claim = stepOf('claimed', 'red', 'raced');
      const answers = (await Promise.all([ana.send(claim), ben.send(claim)])).flat();
      const winner = answers[0]?.ok ? ana : ben;
      const loser = winner === ana ? ben : ana;
      expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
      const details = { by: winner === ana ? 'Ana' : 'ben', time: expect.any(String) };
      expect(answers).toContainEqual(
        expect.objectContaining({ ok: false, error: expect.objectContaining({ code: 'taken', details }) }),
      );
      const [late] = await loser.send(stepOf('delivered', 'red', 'raced'));
      expect(late).toMatchObject({ ok: false, error: { code: 'stale-claim' } });
      const [won] = await winner.send(stepOf('in-transit', 'red', 'raced'));
      expect(won).toMatchObject({ ok: true, status: 'in-transit' });
    });

    describe('[S1][A1] is refused by name, to its sender alone:', () => {
      beforeAll(() => shop.send(orderOf('red', 'known')));

      it.each(malformed)('%s', async (what, input, code) => {
        const others = [neighbour, dispatch, ana];
        const [answer] = await shop.send(input);
        expect(answer).toMatchObject({ ok: false, error: { code, retryable: false } });
        if (answer?.ok !== false) return;
        expect(answer.error.message).toMatch(/^[^\n]{5,300}$/);
        // The connection survives, or a new one replaces it.
        if (what === door.hangsUpOn) shop = await door.connect({ role: 'vendor', store: 'red' });
        const name = `after ${malformed.findIndex(([, one]) => one === input)}`;
        const [good] = await shop.send(orderOf('red', name));
        expect(good).toMatchObject({ ok: true });
        await dispatch.record('pickup', name);
        for (const { heard } of others) expect(heard).not.toContain(`"error":`);
      });
    });

    it('[A1] another store has heard nothing of all this', async () => {
      const last = stepOf('note', 'blue', 'theirs', { details: { text: 'last' } });
      expect(await neighbour.send(last)).toMatchObject([{ ok: true, seq: 2 }]);
      expect(await neighbour.record('note', 'theirs')).toMatchObject({ seq: 2 });
      expect(neighbour.heard).not.toMatch(/"red"|Hulda Canary|good|once|raced|known|"ana"/);
      expect(shop.heard).not.toContain('theirs');
    });
  });
}
