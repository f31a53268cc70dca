import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import type { Handshake } from '../protocol/messages.ts';
import type { Actor } from '../protocol/parcel.ts';
import { createGate, feedKeys, identify, viewOf } from './access.ts';
import type { Row } from './store/store.ts';

const row = (store: string, orderID: string, drivers: string[] = []): Row => ({
  ...{ seq: 1, storeSeq: 1, store, orderID, rev: 1, board: 'same', drivers, text: '}' },
});
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
      feedKeys.store(one).room,
      feedKeys.own(one).room,
      ...names.map((other) => feedKeys.parcel(one, other).room),
    ]);
    expect(new Set(chosen).size).toBe(chosen.length);
    for (const room of ['log', 'board', 'admins']) expect(chosen).not.toContain(room);
  });
});

describe('identify', () => {
  const parcel = { store: 'red', orderID: '1' };
  const links = {
    customerOf: async (token: string) =>
      token === 'trk_1' ? { role: 'customer' as const, parcel } : undefined,
  };

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
  ])('%o', async (handshake, actor) => expect(await identify(handshake, links)).toEqual(actor));

  it.each([undefined, '', 'trk_2', 'red', 'trk_1 '])('a customer needs their link: %s', async (key) => {
    const handshake: Handshake = { protocol: 1, role: 'customer', ...(key === undefined ? {} : { key }) };
    await expect(identify(handshake, links)).rejects.toMatchObject({
      code: 'unauthorized',
      message: 'A customer needs the link that came with the order.',
    });
  });
});

describe('[A3] the gate', () => {
  const gate = createGate(['https://caps.example', 'http://other.example:8080']);

  it.each([
    'localhost:3000',
    'localhost',
    'LOCALHOST:3000',
    '127.0.0.1:3000',
    '192.168.77.5',
    '[::1]:3000',
    '[fe80::1]',
    `${hostname()}:3000`,
    `${hostname().toUpperCase()}.local:3000`,
    'caps.example',
    'other.example:1',
  ])('Host %s is ours', (host) => expect(gate.isOurHost(host)).toBe(true));

  it.each([
    undefined,
    '',
    ' ',
    'evil.example',
    'evil.example:3000',
    'localhost.evil.example',
    'evil.example@localhost',
    'localhost/evil',
    'localhost evil',
    'caps.example.evil.example',
    '127.0.0.1.evil.example',
    'localhost:99999',
    ':3000',
  ])('Host %s is not', (host) => expect(gate.isOurHost(host)).toBe(false));

  it.each([
    [undefined, 'localhost:3000'],
    ['http://localhost:3000', 'localhost:3000'],
    ['http://192.168.77.5', '192.168.77.5'],
    ['http://192.168.77.5:3000', '192.168.77.5:3000'],
    ['http://[::1]:3000', '[::1]:3000'],
    ['http://localhost:3000', 'LocalHost:3000'],
    ['https://caps.example', 'localhost:3000'],
    ['https://caps.example', 'caps.example'],
    ['http://other.example:8080', '10.0.0.1:3000'],
  ])('Origin %s may speak to %s', (origin, host) => expect(gate.isOurOrigin(origin, host)).toBe(true));

  it.each([
    ['null', 'localhost:3000'],
    ['', 'localhost:3000'],
    ['http://evil.example', 'localhost:3000'],
    // Rebound: the name is the page's own, but it is not ours.
    ['http://evil.example:3000', 'evil.example:3000'],
    ['http://localhost:3001', 'localhost:3000'],
    ['http://127.0.0.1:3000', 'localhost:3000'],
    ['http://other.example', 'localhost:3000'],
    ['http://caps.example', 'localhost:3000'],
    ['http://localhost:3000', undefined],
    ['file://', 'localhost:3000'],
  ])('Origin %s may not speak to %s', (origin, host) => expect(gate.isOurOrigin(origin, host)).toBe(false));
});
