import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CapsError } from '../../../protocol/errors.ts';
import { ana, order, red } from '../../../testkit/simulation/cast.ts';
import { memoryFolder } from '../../../testkit/simulation/disk.ts';
import { readLines } from '../../../testkit/tcp-lines.ts';
import type { Binding } from '../../access/handshakes.ts';
import { systemClock } from '../../clock.ts';
import { createHub, type Hub } from '../../hub/hub.ts';
import { madeOnce } from '../../hub/message.ts';
import { Presence } from '../../hub/presence.ts';
import { openSqliteStore } from '../../store/sqlite/sqlite.ts';
import type { Store } from '../../store/store.ts';
import { asMessage, type Message } from './messages.ts';
import { TcpNotices } from './notices.ts';
import { PacedLines } from './paced-lines.ts';
import { TcpSession } from './session.ts';
import { EncodedMessage } from './sink.ts';

let folder: string;
let store: Store;
let hub: Hub;
let presence: Presence;
let near: Socket;
let far: Socket;
/** What the client has read. */
let lines: { event: string; id?: unknown; payload: Record<string, unknown> }[];
/** Ends the session's key. */
let revoke: (why: CapsError) => void;
let revokedWith: CapsError | undefined;

const clock = systemClock;
const onFault = (error: unknown) => {
  throw error;
};

beforeEach(async () => {
  folder = memoryFolder();
  store = openSqliteStore(folder);
  hub = await createHub({ store, clock, onFault });
  presence = new Presence(clock, onFault);
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  far = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
  [near] = (await once(server, 'connection')) as [Socket];
  server.close();
  lines = [];
  readLines(far, (line) => {
    lines.push(JSON.parse(line));
    far.emit('line');
  });
  revokedWith = undefined;
});
afterEach(async () => {
  near.destroy();
  far.destroy();
  presence.close();
  await hub.close();
  await store.close();
  rmSync(folder, { recursive: true });
});

const asShop: Binding = { actor: red, handshake: { protocol: 1, role: 'vendor', store: 'red' } };
const asDriver: Binding = { actor: ana, handshake: { protocol: 1, role: 'driver', driver: 'ana' } };

function begin(binding = asShop): TcpSession {
  const written = new PacedLines(near, clock);
  return new TcpSession(binding, {
    ...{ hub, presence, lines: written, encodedOf: madeOnce((message) => new EncodedMessage(message)) },
    notices: new TcpNotices({ presence, onFault, address: '192.0.2.7' }),
    access: {
      onRevoked: (_, close) => {
        revoke = close;
        return () => {};
      },
    },
    fail: () => near.destroy(),
    onRevoked: (why) => {
      revokedWith = why;
    },
  });
}

/** A message as it comes off the wire. */
function message(whole: object): Message {
  const parsed = asMessage(whole, JSON.stringify(whole), true);
  if (!parsed) throw new Error('no message');
  return parsed;
}
const sends = (session: TcpSession, ...all: object[]) => session.submit(all.map(message), clock.now());

/** The first `count` lines with this event. */
async function reads(event: string, count = 1): Promise<(typeof lines)[number][]> {
  for (;;) {
    const found = lines.filter((line) => line.event === event);
    if (found.length >= count) return found;
    await once(far, 'line');
  }
}

it('begins with a welcome and what is open, and stands in the list of who is connected', async () => {
  begin();
  const [welcome] = await reads('welcome');
  expect(welcome?.payload).toMatchObject({ actor: { role: 'vendor', id: 'red' }, head: 0 });
  await reads('parcels');
  expect(presence.all()).toMatchObject({ all: [{ role: 'vendor', who: 'red', door: 'tcp' }] });
});

it('answers each command with its own id, in their order, and sends the record over the feed', async () => {
  const session = begin();
  const { payload } = order('red', '1');
  await sends(session, { event: 'pickup', payload, id: 'a' }, { event: 'delivered', payload, id: 'b' });
  const answers = await reads('answer', 2);
  expect(answers.map(({ id, payload: { ok } }) => [id, ok])).toEqual([
    ['a', true],
    ['b', false],
  ]);
  const [events] = await reads('events');
  expect(events?.payload).toMatchObject({ feed: 'store', records: [{ event: 'pickup', seq: 1 }] });
});

it('answers a command that cannot be read where its answer is expected', async () => {
  const session = begin();
  await sends(session, { event: 'pickup', payload: { store: 'red' }, id: 'a' });
  const [answer] = await reads('answer');
  expect(answer).toMatchObject({ id: 'a', payload: { ok: false, error: { code: 'bad-message' } } });
});

it('goes on from the cursor in the hello', async () => {
  await hub.submit(red, 'rest', [order('red', '1')]);
  begin({ ...asShop, handshake: { ...asShop.handshake, after: 0 } });
  const [events] = await reads('events');
  expect(events?.payload).toMatchObject({ prev: 0, records: [{ seq: 1 }] });
});

it('lets a driver go off duty and ask for more offers; a shop may do neither', async () => {
  const driver = begin(asDriver);
  await driver.handleOwn(message({ event: 'duty', payload: 'off', id: 1 }));
  await driver.handleOwn(message({ event: 'offers', payload: {}, id: 2 }));
  const shop = begin();
  await shop.handleOwn(message({ event: 'duty', payload: 'off', id: 3 }));
  await shop.handleOwn(message({ event: 'offers', payload: {}, id: 4 }));
  const answers = await reads('answer', 4);
  expect(answers.map(({ id, payload: { ok } }) => [id, ok])).toEqual([
    [1, true],
    [2, true],
    [3, false],
    [4, false],
  ]);
  expect(answers[1]?.payload).toMatchObject({ items: [], ready: 0 });
});

it('answers what has an id, and writes an error line for what has none', async () => {
  const session = begin();
  session.refuseMessage(new CapsError('bad-message'), 'x');
  session.refuse(new CapsError('not-json'));
  const [answer] = await reads('answer');
  expect(answer).toMatchObject({ id: 'x', payload: { ok: false, error: { code: 'bad-message' } } });
  const [error] = await reads('error');
  expect(error?.payload).toMatchObject({ code: 'not-json' });
});

it('passes on why its key was revoked', () => {
  begin();
  const why = new CapsError('unauthorized');
  revoke(why);
  expect(revokedWith).toBe(why);
});

it('reads nothing more once it is closed, and leaves the list of who is connected', async () => {
  const session = begin();
  await reads('parcels');
  session.close();
  session.close();
  await hub.submit(red, 'rest', [order('red', '1')]);
  const other = begin();
  await reads('welcome', 2);
  expect(lines.filter(({ event }) => event === 'events')).toEqual([]);
  expect(presence.count).toBe(1);
  other.close();
});
