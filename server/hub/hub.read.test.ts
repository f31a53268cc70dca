import { beforeEach, describe, expect, it } from 'vitest';
import type { CapsError } from '../../protocol/errors.ts';
import { cursorOf } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import type { Actor } from '../../protocol/parcel.ts';
import { parseSearch } from '../../protocol/search.ts';
import { admin, ana, ben, blue, order, red, step } from '../../testkit/simulation/cast.ts';
import { eachHub } from '../../testkit/simulation/each-hub.ts';
import { gathered } from '../../testkit/simulation/gathered.ts';
import { createTracking } from '../access/tracking.ts';
import type { EventsPage, EventsQuery } from './history.ts';
import type { Hub } from './hub.ts';

const each = eachHub(aDay);
const { submit } = each;

/** Two stores, two drivers: nine records, of which red's are five. */
async function aDay(): Promise<void> {
  await submit(red, order('red', '1'), order('red', '2'));
  await submit(blue, order('blue', '1'), order('blue', '2'));
  await submit(ana, step('claimed', 'red', '1'), step('in-transit', 'red', '1'));
  await submit(ben, step('claimed', 'blue', '2'));
  await submit(ana, step('delivered', 'red', '1', { details: { receivedBy: 'Mrs Jones' } }));
  await submit(blue, step('cancelled', 'blue', '1'));
}

function events(
  actor: Actor,
  { q = '', limit = 100, ...more }: { q?: string } & Partial<Omit<EventsQuery, 'terms'>>,
): Promise<EventsPage> {
  return each.clock.settling(each.hub.read.events(actor, { ...more, limit, terms: parseSearch(q) }));
}
const seqs = ({ items }: EventsPage): number[] => items.map(({ seq }) => seq);

describe('read.events', () => {
  it('begins with the newest page, goes back to the beginning and forwards to the end', async () => {
    const newest = await events(admin, { limit: 4 });
    expect([seqs(newest), newest.next]).toEqual([[6, 7, 8, 9], cursorOf(each.hub.epoch, 9)]);
    const older = await events(admin, { limit: 4, before: newest.prev ?? '' });
    expect([seqs(older), older.next]).toEqual([[2, 3, 4, 5], cursorOf(each.hub.epoch, 5)]);
    const oldest = await events(admin, { limit: 4, before: older.prev ?? '' });
    expect([seqs(oldest), oldest.prev, oldest.next]).toEqual([[1], null, cursorOf(each.hub.epoch, 1)]);

    const forwards = await events(admin, { limit: 5, after: oldest.next });
    expect(seqs(forwards)).toEqual([2, 3, 4, 5, 6]);
    const rest = await events(admin, { limit: 5, after: forwards.next });
    expect(seqs(rest)).toEqual([7, 8, 9]);
    const nothing = await events(admin, { after: rest.next });
    expect([seqs(nothing), nothing.next]).toEqual([[], rest.next]);
    await submit(red, order('red', '3'));
    expect(seqs(await events(admin, { after: nothing.next }))).toEqual([10]);
  });

  it('takes plain numbers for places, also far out', async () => {
    expect(seqs(await events(admin, { after: '7' }))).toEqual([8, 9]);
    expect(seqs(await events(admin, { before: '3' }))).toEqual([1, 2]);
    expect(await events(admin, { before: '0' })).toMatchObject({ items: [], prev: null });
    const future = await events(admin, { before: '999' });
    expect([seqs(future).at(-1), future.next]).toEqual([9, cursorOf(each.hub.epoch, 9)]);
  });

  it('never gives a place that lies past the log, so that nothing is skipped later', async () => {
    for (const query of [{ before: '999', q: 'nobody' }, { after: '9' }, { q: 'nobody' }]) {
      expect((await events(admin, query)).next).toBe(cursorOf(each.hub.epoch, 9));
    }
  });

  it.each([
    ['delivered', [8]],
    ['event:pickup store:blue', [3, 4]],
    ['driver:ana -event:delivered', [5, 6]],
    ['order:2', [2, 4, 7]],
    ['mrs', [8]],
    ['nobody', []],
  ])('searches: %s', async (q, expected) => {
    expect(seqs(await events(admin, { q }))).toEqual(expected);
    expect(seqs(await events(admin, { q, after: '0' }))).toEqual(expected);
    const found: number[] = [];
    for (let before: string | null = '99'; before !== null; ) {
      const page: EventsPage = await events(admin, { q, limit: 1, before });
      found.unshift(...seqs(page));
      before = page.prev;
    }
    expect(found).toEqual(expected);
  });

  it('[D3] refuses a place that is none, of another log or ahead of the log', async () => {
    for (const cursor of ['abcdef012345.3', 'x', '-1', '1.', cursorOf(each.hub.epoch, 10), '10', '999']) {
      await expect(events(admin, { after: cursor }), cursor).rejects.toMatchObject({ code: 'bad-cursor' });
    }
    await expect(events(admin, { before: 'abcdef012345.3' })).rejects.toMatchObject({ code: 'bad-cursor' });
  });

  it('narrows to one event exactly, where the grammar would take a status too', async () => {
    expect(seqs(await events(admin, { event: 'claimed' }))).toEqual([5, 7]);
    expect(seqs(await events(admin, { event: 'delivered', q: '-driver:ana' }))).toEqual([]);
    expect(seqs(await events(admin, { q: 'event:ready' }))).toEqual([1, 2, 3, 4]);
  });

  it('[A1] gives a store its own in its own numbers, and a driver what passed through their hands', async () => {
    const mine = await events(red, {});
    expect([seqs(mine), mine.prev, mine.next]).toEqual([
      [1, 2, 3, 4, 5],
      null,
      cursorOf(each.hub.epochOf(red), 5),
    ]);
    expect(JSON.stringify(mine)).not.toContain('blue');
    expect(seqs(await events(red, { q: 'store:blue' }))).toEqual([]);
    expect(seqs(await events(ana, {}))).toEqual([5, 6, 8]);
    expect(seqs(await events(ben, {}))).toEqual([7]);
    expect(seqs(await events({ role: 'customer', parcel: { store: 'red', orderID: '1' } }, {}))).toEqual([
      1, 2, 3, 4,
    ]);
  });
});

describe('read.events by time', () => {
  /** When each of ten further records was made, two at a time, a second apart. */
  let moments: string[];
  beforeEach(async () => {
    const seen: string[] = [];
    for (let i = 0; i < 5; i += 1) {
      await each.clock.advance(1_000);
      await submit(red, order('red', `t${i}`));
      await submit(blue, order('blue', `t${i}`));
      const { items } = await events(admin, { limit: 1 });
      seen.push(items[0]?.time ?? '');
    }
    moments = seen;
  });
  const moment = (i: number): string => moments[i] ?? '';
  const later = (time: string, ms: number): string => new Date(Date.parse(time) + ms).toISOString();

  it('shows the log as it stood at a moment, and goes on from there both ways', async () => {
    const then = await events(admin, { at: moment(1), limit: 3 });
    expect([seqs(then), then.next]).toEqual([[11, 12, 13], cursorOf(each.hub.epoch, 13)]);
    expect(seqs(await events(admin, { after: then.next, limit: 2 }))).toEqual([14, 15]);
    expect(seqs(await events(admin, { before: then.prev ?? '', limit: 2 }))).toEqual([9, 10]);
    expect(seqs(await events(admin, { at: later(moment(1), -1), limit: 1 }))).toEqual([11]);
    expect(await events(admin, { at: '1999-01-01T00:00:00Z' })).toMatchObject({ items: [], prev: null });
    expect(seqs(await events(admin, { at: '2999-01-01T00:00:00Z', limit: 1 }))).toEqual([19]);
  });

  it('keeps to what happened from one moment to another, page by page', async () => {
    const [from, to] = [moment(1), moment(3)];
    const expected = [12, 13, 14, 15, 16, 17];
    const whole = await events(admin, { from, to });
    expect([seqs(whole), whole.prev, whole.next]).toEqual([expected, null, cursorOf(each.hub.epoch, 17)]);
    const back: number[] = [];
    for (let before: string | undefined, more = true; more; ) {
      const page: EventsPage = await events(admin, { from, to, limit: 4, ...(before ? { before } : {}) });
      back.unshift(...seqs(page));
      more = page.prev !== null;
      before = page.prev ?? '';
    }
    expect(back).toEqual(expected);
    const forth: number[] = [];
    for (let after = '0', more = true; more; ) {
      const page: EventsPage = await events(admin, { from, to, limit: 4, after });
      forth.push(...seqs(page));
      more = page.items.length > 0;
      after = page.next;
    }
    expect(forth).toEqual(expected);
    expect(seqs(await events(admin, { from: later(moment(3), 1) }))).toEqual([18, 19]);
    expect(seqs(await events(admin, { to: moment(0), after: '8' }))).toEqual([9, 10, 11]);
    expect(seqs(await events(admin, { to: moment(0), before: '19', limit: 2 }))).toEqual([10, 11]);
    expect(seqs(await events(admin, { from: to, to: from }))).toEqual([]);
    expect(seqs(await events(admin, { from, to, at: moment(2), limit: 1 }))).toEqual([15]);
    expect(seqs(await events(admin, { from, to, q: 'store:red' }))).toEqual([12, 14, 16]);
  });

  it('[A1] counts in what the reader sees', async () => {
    expect(seqs(await events(red, { at: moment(1), limit: 2 }))).toEqual([6, 7]);
    expect(seqs(await events(red, { from: moment(1), to: moment(2) }))).toEqual([7, 8]);
    expect(seqs(await events(ana, { from: moment(0) }))).toEqual([]);
  });
});

describe('read.parcels', () => {
  const list = async (actor: Actor, query: object = {}): Promise<string[]> =>
    (await each.hub.read.parcels(actor, { limit: 100, ...query })).items.map(
      ({ payload }) => `${payload.store}/${payload.orderID}`,
    );

  it('lists by what is asked, newest first', async () => {
    expect(await list(admin)).toEqual(['blue/2', 'blue/1', 'red/2', 'red/1']);
    expect(await list(admin, { statuses: ['delivered', 'cancelled'] })).toEqual(['blue/1', 'red/1']);
    expect(await list(admin, { holder: 'ana' })).toEqual(['red/1']);
    expect(await list(admin, { store: 'blue' })).toEqual(['blue/2', 'blue/1']);
  });

  it.each([
    ['hulda', ['blue/2', 'blue/1', 'red/2', 'red/1']],
    ['event:claimed', ['blue/2']],
    ['driver:ANA', ['red/1']],
    ['ana', ['red/1']],
    ['-event:ready store:blue', ['blue/2', 'blue/1']],
    ['order:2 -store:red', ['blue/2']],
    ['nobody', []],
  ])('searches: %s', async (q, expected) => {
    expect(await list(admin, { terms: parseSearch(q) })).toEqual(expected);
    const found: string[] = [];
    for (let from: string | undefined, more = true; more; ) {
      const query = { limit: 1, from, terms: parseSearch(q) };
      const { items, next } = await each.hub.read.parcels(admin, query);
      found.push(...items.map(({ payload }) => `${payload.store}/${payload.orderID}`));
      more = next !== null;
      from = next ?? undefined;
    }
    expect(found).toEqual(expected);
  });

  it('[D3] says as of where a list is, as its reader counts: what follows leaves nothing out', async () => {
    const asOf = async (actor: Actor) => (await each.hub.read.parcels(actor, { limit: 100 })).asOf;
    expect(await asOf(admin)).toBe(cursorOf(each.hub.epoch, 9));
    expect(await asOf(red)).toBe(cursorOf(each.hub.epochOf(red), 5));
    expect(await asOf(ana)).toBe(cursorOf(each.hub.epochOf(ana), 9));
    // Whatever is recorded while the list is being read is in what follows.
    const read = each.store.parcels.bind(each.store);
    each.store.parcels = async (query) => {
      await submit(red, step('cancelled', 'red', '2'));
      return read(query);
    };
    const page = await each.hub.read.parcels(red, { limit: 100 });
    expect(page.items[0]).toMatchObject({ status: 'cancelled', rev: 2 });
    expect(seqs(await events(red, { after: page.asOf }))).toEqual([6]);
  });

  it('refuses to look for doors, which parcels do not have', async () => {
    await expect(list(admin, { terms: parseSearch('via:tcp') })).rejects.toMatchObject({
      code: 'bad-message',
      details: { field: 'q' },
    });
  });

  it('[A1] shows a store its own, and a driver what is on offer and what they hold', async () => {
    expect(await list(red)).toEqual(['red/2', 'red/1']);
    expect(await list(red, { store: 'blue' })).toEqual([]);
    expect(await list(ben)).toEqual(['blue/2', 'red/2']);
    expect(await list(ana, { holder: 'ben' })).toEqual([]);
  });

  it('[A1] pages to the end, by places that say nothing of other stores', async () => {
    for (const actor of [admin, blue]) {
      const seen: string[] = [];
      const places: string[] = [];
      for (let from: string | undefined | null; from !== null; ) {
        const page: Awaited<ReturnType<Hub['read']['parcels']>> = await each.hub.read.parcels(actor, {
          limit: 1,
          from: from ?? undefined,
        });
        seen.push(...page.items.map(({ payload }) => `${payload.store}/${payload.orderID}`));
        from = page.next;
        if (from !== null) places.push(from);
      }
      expect(seen).toEqual(await list(actor));
      if (actor === blue) expect(places).toEqual([expect.stringMatching(/\.2$/)]);
    }
    await expect(list(admin, { from: '["red","1"]' })).rejects.toMatchObject({ code: 'bad-cursor' });
  });
});

describe('pages of large orders', () => {
  it('[S2] end where they have 1 MiB, a step past it at most, and go on until all were given once', async () => {
    const more = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`part${i}`, 'x'.repeat(1_000)]));
    const place = (id: number) =>
      step('pickup', 'big', `${id}`, {
        payload: { store: 'big', orderID: `${id}`, customer: 'C', address: 'A', ...more },
      });
    const big: Actor = { role: 'vendor', store: 'big' };
    await submit(big, ...Array.from({ length: 200 }, (_, i) => place(i)));
    const sizeMax = 1.5 * 1024 * 1024;
    for (const q of ['', 'x']) {
      const listed: string[] = [];
      for (let from: string | null | undefined; from !== null; ) {
        const asked = { limit: 500, from, terms: parseSearch(q) };
        const page: Awaited<ReturnType<Hub['read']['parcels']>> = await each.clock.settling(
          each.hub.read.parcels(big, asked),
        );
        expect(JSON.stringify(page).length).toBeLessThan(sizeMax);
        listed.push(...page.items.map(({ payload }) => payload.orderID));
        from = page.next;
      }
      expect(listed).toEqual(Array.from({ length: 200 }, (_, i) => `${199 - i}`));
      const found: number[] = [];
      for (let before: string | null = '999'; before !== null; ) {
        const page: EventsPage = await events(big, { q, limit: 500, before });
        expect(JSON.stringify(page).length).toBeLessThan(sizeMax);
        found.unshift(...seqs(page));
        before = page.prev;
      }
      expect(found).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
    }
  });
});

describe('read.life', () => {
  it('[A1] tells a parcel’s whole life to those who may see it; to others there is none', async () => {
    const key = { store: 'red', orderID: '1' };
    const lifeOf = async (actor: Actor): Promise<number[]> =>
      (await each.clock.settling(gathered((await each.hub.read.life(actor, key)).records))).map(
        ({ seq }) => seq,
      );
    expect(await lifeOf(admin)).toEqual([1, 5, 6, 8]);
    expect(await lifeOf(red)).toEqual([1, 3, 4, 5]);
    expect(await lifeOf(ana)).toEqual([1, 5, 6, 8]);
    expect((await each.hub.read.life(red, key)).parcel).toMatchObject({
      status: 'delivered',
      holder: { id: 'ana' },
    });
    const unknown = await lifeOf(blue).catch((error: CapsError) => error.toWire());
    const missing = await each.hub.read
      .life(admin, { store: 'red', orderID: '9' })
      .catch((error: CapsError) => error.toWire());
    expect(unknown).toMatchObject({ code: 'unknown-parcel' });
    expect(unknown).toEqual(missing);
    await expect(lifeOf(ben)).rejects.toMatchObject({ code: 'unknown-parcel' });
  });

  it('is whole however long it is', async () => {
    const notes = Array.from({ length: limits.page + 10 }, (_, i) =>
      step('note', 'red', '2', { details: { text: `${i}` } }),
    );
    for (let i = 0; i < notes.length; i += limits.batch)
      await submit(red, ...notes.slice(i, i + limits.batch));
    const { records } = await each.hub.read.life(red, { store: 'red', orderID: '2' });
    expect((await each.clock.settling(gathered(records))).at(-1)).toMatchObject({ rev: notes.length + 1 });
  });
});

const unknown: Partial<CapsError> = { code: 'unknown-parcel' };

describe('the customer’s link', () => {
  it('[A1] leads to one parcel, for the parcel’s store and dispatch to give', async () => {
    const key = { store: 'red', orderID: '1' };
    const token = await each.hub.read.trackingToken(red, key);
    expect(await each.hub.read.trackingToken(admin, key)).toBe(token);
    expect(await each.hub.read.trackingToken(red, { store: 'red', orderID: '2' })).not.toBe(token);
    const customer = await each.hub.read.customerOf(token);
    expect(customer).toEqual({ role: 'customer', parcel: key });
    if (!customer) return;
    const { parcel, records } = await each.hub.read.life(customer, key);
    const seqs = (await each.clock.settling(gathered(records))).map(({ seq }) => seq);
    expect([parcel.status, seqs]).toEqual(['delivered', [1, 2, 3, 4]]);
    await expect(each.hub.read.life(customer, { store: 'red', orderID: '2' })).rejects.toMatchObject(unknown);
  });

  it('[A1] is given to nobody else, and no other text is one', async () => {
    const theirs = { store: 'blue', orderID: '1' };
    await expect(each.hub.read.trackingToken(red, theirs)).rejects.toMatchObject(unknown);
    await expect(each.hub.read.trackingToken(ana, { store: 'red', orderID: '1' })).rejects.toMatchObject({
      code: 'not-allowed',
    });
    expect(await each.hub.read.customerOf('trk_guessed')).toBeUndefined();
    const { tokenOf } = createTracking(each.store.secret);
    expect(await each.hub.read.customerOf(tokenOf(2))).toEqual({
      role: 'customer',
      parcel: { store: 'red', orderID: '2' },
    });
    // Neither a later record of a parcel nor a place after the end is a link.
    for (const seq of [5, 9, 10]) expect(await each.hub.read.customerOf(tokenOf(seq))).toBeUndefined();
  });
});
