import { rmSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Handshake } from '../../protocol/messages.ts';
import type { Actor } from '../../protocol/parcel.ts';
import type { KeyRequest } from '../../protocol/rest.ts';
import { SimulatedClock } from '../../testkit/simulation/clock.ts';
import { memoryFolder } from '../../testkit/simulation/disk.ts';
import { storeWith } from '../../testkit/simulation/store.ts';
import { Row } from '../store/row.ts';
import { openSqliteStore } from '../store/sqlite/sqlite.ts';
import type { Store, StoredKey } from '../store/store.ts';
import { type Access, createAccess, viewOf } from './access.ts';
import { feedIds } from './rooms.ts';

const row = (store: string, orderID: string, drivers: string[] = []): Row =>
  new Row({ seq: 1, storeSeq: 1, store, orderID, rev: 1, board: 'same', drivers, text: '}' });
const rows = [row('red', '1'), row('red', '2', ['ana', 'ben']), row('blue', '1', ['ben'])];

describe('[A1] viewOf', () => {
  it.each<[Actor, scope: object, rooms: string[], seen: number[]]>([
    [{ role: 'admin' }, { kind: 'all' }, ['log'], [0, 1, 2]],
    [{ role: 'vendor', store: 'red' }, { kind: 'store', store: 'red' }, ['store:red'], [0, 1]],
    [{ role: 'vendor', store: 'green' }, { kind: 'store', store: 'green' }, ['store:green'], []],
    [{ role: 'driver', driver: 'ana' }, { kind: 'all' }, ['board', 'own:ana'], [1]],
    [{ role: 'driver', driver: 'ben' }, { kind: 'all' }, ['board', 'own:ben'], [1, 2]],
    [
      { role: 'customer', parcel: { store: 'red', orderID: '1' } },
      { kind: 'parcel', parcel: { store: 'red', orderID: '1' } },
      ['parcel:red\n1'],
      [0],
    ],
    [{ role: 'hub' }, { kind: 'all' }, [], []],
  ])('%o', (actor, scope, rooms, seen) => {
    const view = viewOf(actor);
    expect(view.scope).toEqual(scope);
    expect(view.feeds.map(({ room }) => room)).toEqual(rooms);
    expect(rows.flatMap((one, i) => (view.sees(one) ? [i] : []))).toEqual(seen);
  });

  it('no name that a client chooses makes a room of another kind', () => {
    const names = ['log', 'board', 'admins', 'store:red', 'own:ana', 'red', 'a\tb', '__proto__'];
    const chosen = names.flatMap((one) => [
      feedIds.store(one).room,
      feedIds.own(one).room,
      ...names.map((other) => feedIds.parcel(one, other).room),
    ]);
    expect(new Set(chosen).size).toBe(chosen.length);
    for (const room of ['log', 'board', 'admins']) expect(chosen).not.toContain(room);
  });
});

const parcel = { store: 'red', orderID: '1' };
const links = {
  customerOf: async (token: string) =>
    token === 'trk_1' ? { role: 'customer' as const, parcel } : undefined,
};
const adminKey = 'the-first-key-of-all';
let folder: string;
let store: Store;
let clock: SimulatedClock;
beforeAll(() => {
  folder = memoryFolder();
  store = openSqliteStore(folder);
  clock = new SimulatedClock();
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});
const inOpen = () => createAccess({ adminKey: undefined, keys: store.keys, links, clock });
const inKeyed = () => createAccess({ adminKey, keys: store.keys, links, clock });

describe('where access is open', () => {
  it.each<[Handshake, Actor]>([
    [
      { protocol: 1, role: 'vendor', store: 'red', name: 'Red' },
      { role: 'vendor', store: 'red', name: 'Red' },
    ],
    [
      { protocol: 1, role: 'driver', driver: 'ana' },
      { role: 'driver', driver: 'ana', name: undefined },
    ],
    [
      { protocol: 1, role: 'admin', key: 'k' },
      { role: 'admin', name: undefined },
    ],
    [
      { protocol: 1, role: 'customer', key: 'trk_1', name: 'Hulda' },
      { role: 'customer', parcel, name: 'Hulda' },
    ],
    [
      { protocol: 1, role: 'customer', key: ' trk_1\u200b' },
      { role: 'customer', parcel, name: undefined },
    ],
  ])('%o', async (handshake, actor) => expect(await inOpen().identify(handshake)).toEqual(actor));

  it.each([undefined, '', 'trk_2', 'red', 'trk_1x', 'trk_'])(
    'a customer needs their link: %s',
    async (key) => {
      const handshake: Handshake = { protocol: 1, role: 'customer', ...(key === undefined ? {} : { key }) };
      await expect(inOpen().identify(handshake)).rejects.toMatchObject({
        code: 'unauthorized',
        message: 'A customer needs the link that came with the order.',
      });
    },
  );
});

describe('[A2] where access is keyed', () => {
  const first: Actor = { role: 'admin' };
  const refusal = {
    code: 'unauthorized',
    message: 'This needs a valid access key that fits who you say you are; ask dispatch for one.',
  };
  let access: Access;
  beforeEach(() => {
    access = inKeyed();
  });
  const issue = (wanted: KeyRequest) => access.keysFor(first).issue(wanted);
  const request = async (key: string, said: { as?: string; name?: string } = {}) =>
    (await access.identifyRequest(`Bearer ${key}`)).actor(said, 'admin');

  it('everybody is whom their key makes them, by a handshake and by a request', async () => {
    const red = await issue({ role: 'vendor', store: 'red', name: 'Flowers' });
    const ana = await issue({ role: 'driver', driver: 'ana' });
    const desk = await issue({ role: 'admin', name: 'Desk' });
    expect([red.key, ana.key, desk.key]).toEqual(
      ['ven', 'drv', 'adm'].map((kind) => expect.stringMatching(new RegExp(`^${kind}_[\\w-]{32}$`))),
    );
    const shop = { role: 'vendor', store: 'red', name: 'Flowers' } as const;
    expect(await access.identify({ protocol: 1, ...shop, name: 'Not Flowers', key: red.key })).toEqual(shop);
    expect(await request(red.key)).toEqual(shop);
    expect(await request(red.key, { as: 'store:red', name: 'Not Flowers' })).toEqual(shop);
    // A key without a name leaves it to its holder.
    const driver = { role: 'driver', driver: 'ana', name: 'Ana' } as const;
    expect(await access.identify({ protocol: 1, ...driver, key: ana.key })).toEqual(driver);
    expect(await request(ana.key, { name: 'Ana' })).toEqual(driver);
    const dispatch = { role: 'admin', id: desk.id, name: 'Desk' };
    expect(await access.identify({ protocol: 1, role: 'admin', key: desk.key })).toEqual(dispatch);
    expect(await request(desk.key, { as: 'admin' })).toEqual(dispatch);
    expect(await request(adminKey, { name: 'Root' })).toEqual({ role: 'admin', id: undefined, name: 'Root' });
  });

  it('nothing else lets anyone in, and it is not said why', async () => {
    const red = await issue({ role: 'vendor', store: 'red' });
    const ana = await issue({ role: 'driver', driver: 'ana' });
    const gone = await issue({ role: 'admin' });
    await access.keysFor(first).revoke(gone.id);
    const strangers: Handshake[] = [
      { protocol: 1, role: 'admin' },
      ...[
        ...['', ' ', 'adm_', adminKey.slice(1), `${adminKey}_`, adminKey.toUpperCase(), 'trk_1', '__proto__'],
        ...[gone.key, red.key, ana.key, red.id, gone.id, `adm_${'A'.repeat(32)}`, 'x'.repeat(1_000)],
      ].map((key): Handshake => ({ protocol: 1, role: 'admin', key })),
      { protocol: 1, role: 'vendor', store: 'red' },
      { protocol: 1, role: 'vendor', store: 'blue', key: red.key },
      { protocol: 1, role: 'vendor', store: 'red', key: red.key.toLowerCase() },
      { protocol: 1, role: 'vendor', store: 'red', key: `${red.key}x` },
      { protocol: 1, role: 'vendor', store: 'ana', key: ana.key },
      { protocol: 1, role: 'vendor', store: 'admin', key: adminKey },
      { protocol: 1, role: 'driver', driver: 'red', key: red.key },
      { protocol: 1, role: 'driver', driver: 'ben', key: ana.key },
    ];
    for (const handshake of strangers)
      await expect(access.identify(handshake)).rejects.toMatchObject(refusal);
    for (const header of [
      ...[undefined, '', 'Bearer', `Bearer${red.key}`, `Basic ${red.key}`, red.key, `Bearer ${gone.key}`],
      ...[`Bearer ${red.key}A ${red.key}`, 'Bearer adm_', `Bearer ${adminKey}x`],
    ])
      await expect(access.identifyRequest(header)).rejects.toMatchObject(refusal);
    for (const as of ['admin', 'store:blue', 'driver:red', 'driver:ana', 'store:', '']) {
      await expect(request(red.key, { as })).rejects.toMatchObject(refusal);
    }
    expect(access.refusalOfUnnamed()).toMatchObject(refusal);
    await expect(access.identify({ protocol: 1, role: 'customer', key: red.key })).rejects.toMatchObject({
      message: 'A customer needs the link that came with the order.',
    });
  });

  it.each([inOpen, inKeyed])('a customer is whom their link makes them, also in a request', async (open) => {
    access = open();
    const handshake = { protocol: 1, role: 'customer', key: 'trk_1' } as const;
    const customer: Actor = { role: 'customer', parcel, name: undefined };
    expect(await access.identify(handshake)).toEqual(customer);
    expect(await request('trk_1')).toEqual(customer);
    await expect(request('trk_1', { as: 'store:red' })).rejects.toMatchObject({ code: 'unauthorized' });
    await expect(request('trk_2')).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('a key that is revoked ends what its holder has open, and nothing of others', async () => {
    const [one, two] = [
      await issue({ role: 'driver', driver: 'ana' }),
      await issue({ role: 'driver', driver: 'ana' }),
    ];
    const ended: string[] = [];
    const openWith = async (key: string, name: string) =>
      access.onRevoked(await request(key), () => void ended.push(name));
    await openWith(one.key, 'one');
    const forget = await openWith(one.key, 'closed before');
    await openWith(two.key, 'two');
    await openWith(adminKey, 'first');
    forget();
    forget();
    const justBefore = await request(one.key);
    expect(await access.keysFor(first).revoke(one.id)).toBe(true);
    expect(ended).toEqual(['one']);
    await expect(request(one.key)).rejects.toMatchObject(refusal);
    access.onRevoked(justBefore, () => void ended.push('just before'));
    await clock.settle();
    expect(ended).toEqual(['one', 'just before']);
    expect(await access.keysFor(first).revoke('no such')).toBe(false);
    expect(await request(two.key)).toMatchObject({ driver: 'ana' });
  });

  it('keys are for admins, and for a hub that has them', async () => {
    for (const actor of [
      { role: 'vendor', store: 'red' },
      { role: 'driver', driver: 'ana' },
    ] as const) {
      expect(() => access.keysFor(actor)).toThrow('Only admins have to do with keys.');
    }
    expect(() => inOpen().keysFor(first)).toThrow(
      'This hub is open to everyone; with CAPS_ADMIN_KEY set it has keys.',
    );
  });

  it('a key is nowhere once it has been issued', async () => {
    const { key, ...rest } = await issue({ role: 'vendor', store: 'red', name: 'Till 2' });
    const [listed] = await access.keysFor(first).list();
    expect(listed).toEqual({ ...rest, hint: `ven_…${key.slice(-4)}` });
    const stored = JSON.stringify(await store.keys.list());
    for (const part of [key, key.slice(4), key.slice(4, 20)]) expect(stored).not.toContain(part);
  });

  it('[S3] there are ten thousand keys at most, and the one revoked longest ago makes room', async () => {
    const key = (n: number, revokedAt?: string): StoredKey => ({
      ...{ id: `${n}`, hash: new Uint8Array(32), role: 'driver', owner: 'ana', name: '', hint: '' },
      ...{ createdAt: '2026-11-20T18:00:00.000Z', ...(revokedAt === undefined ? {} : { revokedAt }) },
    });
    const all = Array.from({ length: 10_000 }, (_, n) => key(n));
    const forgotten: string[] = [];
    const keys = {
      ...{ add: async () => {}, find: async () => undefined, revoke: async () => true },
      list: async () => all,
      revokedAmong: async () => [],
      forget: async (id: string) => void forgotten.push(id),
    };
    access = createAccess({ adminKey, keys: storeWith(store, { keys }).keys, links, clock });
    await expect(issue({ role: 'admin' })).rejects.toMatchObject({ code: 'too-large' });
    for (const n of [3, 7]) all[n] = key(n, '2026-11-21T18:00:00.000Z');
    await issue({ role: 'admin' });
    expect(forgotten).toEqual(['7']);
  });
});
