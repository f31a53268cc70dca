import { once } from 'node:events';
import type { Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connect as connectClient, type Identity, type NewCommand } from '../../../client/client.ts';
import { limits } from '../../../protocol/limits.ts';
import type { Answer } from '../../../protocol/messages.ts';
import { type Door, describeDoor } from '../../../testkit/contracts/door.contract.ts';
import { type RealHub, startRealHub } from '../../../testkit/real-hub.ts';
import {
  dial,
  heardAs,
  MessageRecorder,
  next,
  openClient,
  orderOf,
  stepOf,
  type TestClient,
} from '../../../testkit/test-client.ts';

async function visitWithClient(url: string, who: Identity): Promise<TestClient> {
  const recorder = new MessageRecorder();
  const client = connectClient({ url, identity: who });
  client.on('notice', (notices) => recorder.hear(notices));
  client.on('events', (stretch) => recorder.hear(stretch, heardAs(stretch.feed, stretch.records)));
  await new Promise<void>((resolve) => {
    client.on('state', ({ kind }) => {
      if (kind === 'live') resolve();
    });
  });
  return {
    send: (...commands) => Promise.all(commands.map((command) => client.command(command as NewCommand))),
    record: (event, orderID) => recorder.record(event, orderID),
    notice: (code) => recorder.notice(code),
    get heard() {
      return recorder.heard;
    },
    close: () => client.close(),
  };
}

function doorOf(open: (url: string, who: Identity) => Promise<TestClient>): () => Promise<Door> {
  return async () => {
    const hub = await startRealHub();
    return {
      connect: (who) => open(hub.url, who),
      async close() {
        await hub.close();
        expect(hub.faults).toEqual([]);
      },
    };
  };
}

describeDoor('Socket.IO', doorOf(openClient));
describeDoor(
  'Socket.IO by polling',
  doorOf((url, who) => openClient(url, who, { transports: ['polling'] })),
);
describeDoor('Socket.IO through the SDK', doorOf(visitWithClient));

// ---- what only this door can meet ----

let hub: RealHub;
let good: TestClient;
let shop: Socket;
let orders = 0;

beforeAll(async () => {
  hub = await startRealHub();
  good = await openClient(hub.url, { role: 'vendor', store: 'good' });
});
afterAll(async () => {
  good.close();
  shop.close();
  await hub.close();
});

/** Whatever came before, the hub still serves those who behave, and does not call it a fault of its own. */
afterEach(async () => {
  orders += 1;
  expect(await good.send(orderOf('good', `${orders}`))).toMatchObject([{ ok: true, seq: orders }]);
  expect(hub.faults).toEqual([]);
});

async function joined(): Promise<Socket> {
  if (shop?.connected) return shop;
  shop = dial(`${hub.url}/caps`, { protocol: 1, role: 'vendor', store: 'red' });
  await next(shop, 'welcome');
  return shop;
}

const refused = (code: string) =>
  expect.objectContaining({ ok: false, error: expect.objectContaining({ code }) });
const deep = (levels: number): unknown => {
  let value: unknown = 1;
  for (let i = 0; i < levels; i += 1) value = i % 2 ? [value] : { a: value };
  return value;
};

const pit = '['.repeat(5_000) + ']'.repeat(5_000);

describe('[S1] messages', () => {
  it.each<[string, unknown[]]>([
    ['nothing', []],
    ['null', [null]],
    ['an object', [{ event: 'pickup' }]],
    ['a text', ['pickup']],
    ['a number', [5]],
    ['bytes', [Buffer.from('[]')]],
    ['an object nested 1,000 deep', [{ a: deep(1_000) }]],
    ['several', [null, []]],
  ])('a batch that is no batch gets one bad-message: %s', async (_, args) => {
    const socket = await joined();
    expect(await socket.emitWithAck('commands', ...args)).toMatchObject([
      { ok: false, error: { code: 'bad-message', details: { field: 'commands' } } },
    ]);
  });

  it.each<[string, unknown, string, string]>([
    ['null', null, 'bad-message', 'commands.1'],
    ['a text', 'pickup', 'bad-message', 'commands.1'],
    ['a list', [], 'bad-message', 'commands.1'],
    ['true', true, 'bad-message', 'commands.1'],
    ['bytes', Buffer.from('{}'), 'bad-message', 'commands.1'],
    [
      'bytes within',
      { event: 'pickup', payload: { store: 'red', orderID: 'a', customer: Buffer.from('x') } },
      'bad-message',
      'payload.customer',
    ],
    ['1,000 levels', deep(1_000), 'too-large', '0'],
    [
      'a key that is no key',
      JSON.parse('{"event":"note","payload":{"__proto__":{"a":1}}}'),
      'bad-message',
      'payload',
    ],
  ])('a command that is none is refused in its place: %s', async (_, input, code, field) => {
    const socket = await joined();
    const answers: Answer[] = await socket.emitWithAck('commands', [
      orderOf('red', '1'),
      input,
      orderOf('red', '1'),
    ]);
    expect(answers).toEqual([
      expect.objectContaining({ ok: true, seq: 1 }),
      refused(code),
      expect.objectContaining({ ok: true, seq: 1, duplicate: true }),
    ]);
    // Within a command by the way to it there, and where it is none by its place.
    const said = answers[1]?.ok === false ? answers[1].error : undefined;
    expect(String(said?.details?.['field'])).toMatch(new RegExp(`^${field}`));
  });

  it('a batch has 256 commands at the most', async () => {
    const socket = await joined();
    const batch = (count: number) => Array.from({ length: count }, () => orderOf('red', '1'));
    expect(await socket.emitWithAck('commands', batch(limits.batch))).toHaveLength(limits.batch);
    // No list: whoever takes the answers one by one must not think that there is one for the first command.
    expect(await socket.emitWithAck('commands', batch(limits.batch + 1))).toEqual(refused('too-large'));
    expect(await socket.emitWithAck('commands', [])).toEqual([]);
  });

  it('needs nobody who waits for the answer', async () => {
    const socket = await joined();
    for (const args of [
      [],
      [null],
      [[null]],
      [[stepOf('explode', 'red', '1')]],
      [deep(1_000)],
      [Buffer.from('x')],
    ]) {
      socket.emit('commands', ...args);
      socket.emit('duty', ...args);
      socket.emit('explode', ...args);
    }
    socket.emit('commands', [orderOf('red', '1')]);
    expect(await socket.emitWithAck('commands', [])).toEqual([]);
  });

  it.each(['explode', 'welcome', 'events', '', 'toString', '__proto__'])(
    'an unknown event: %j',
    async (event) => {
      const socket = await joined();
      expect(await socket.emitWithAck(event, { a: deep(100) })).toEqual(refused('unknown-event'));
    },
  );

  it('duty is for drivers, on or off', async () => {
    const socket = await joined();
    const driver = dial(`${hub.url}/caps`, { protocol: 1, role: 'driver', driver: 'ana' });
    await next(driver, 'welcome');
    expect(await socket.emitWithAck('duty', 'on')).toEqual(refused('not-allowed'));
    expect(await driver.emitWithAck('duty', 'on')).toEqual({ ok: true });
    expect(await driver.emitWithAck('duty', 'off')).toEqual({ ok: true });
    for (const wrong of ['maybe', null, true, {}, deep(1_000)]) {
      expect(await driver.emitWithAck('duty', wrong)).toEqual(refused('bad-message'));
    }
    driver.close();
  });

  it.each(['websocket', 'polling'])('a message past 1 MiB ends its connection: %s', async (transport) => {
    const socket = dial(
      `${hub.url}/caps`,
      { protocol: 1, role: 'vendor', store: 'red' },
      { transports: [transport] },
    );
    await next(socket, 'welcome');
    socket.emit('commands', ['x'.repeat(limits.frameBytes + 1)]);
    expect(await next(socket, 'disconnect')).toMatch(/transport (close|error)/);
  });

  it.each([
    'garbage',
    '4',
    '4garbage',
    '42/caps,["commands"',
    '42/caps,[]',
    '42/caps,{"a":1}',
    '42/caps,["disconnect"]',
    '42/caps,1e9999["commands",[]]',
    '451-/caps,["commands",{"_placeholder":true,"num":7}]',
    '499999999-/caps,["commands"]',
    '43/caps,7[]',
    '40/caps,{"protocol":1',
    '40/caps,[[[[',
    '40/,{}',
    '49',
    '',
    '\u0000',
    `42/caps,["commands",${'['.repeat(5_000)}${']'.repeat(5_000)}]`,
  ])('a frame that no library would send: %j', async (frame) => {
    const socket = await bare();
    socket.send(frame);
    // It is answered or closed; either way the next question has an end.
    socket.send('42/caps,9["commands",[]]');
    await Promise.race([once(socket, 'close'), said(socket, '43/caps,9')]);
    socket.close();
  });

  it.each([
    ['a command', `42/caps,7["commands",[${pit}]]`, 'too-large'],
    ['a payload', `42/caps,7["commands",[{"event":"pickup","payload":${pit}}]]`, 'too-large'],
    ['a batch', `42/caps,7["commands",${pit}]`, 'too-large'],
    ['duty', `42/caps,7["duty",${pit}]`, 'not-allowed'],
    ['an unknown event', `42/caps,7["explode",${pit}]`, 'unknown-event'],
  ])('JSON nested 5,000 deep, which no client of ours could write: %s', async (_, frame, code) => {
    const socket = await bare();
    socket.send(frame);
    expect(await said(socket, '43/caps,7')).toContain(`"code":"${code}"`);
    socket.close();
  });

  it('JSON nested 5,000 deep in who one says one is', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${hub.port}/socket.io/?EIO=4&transport=websocket`);
    await once(socket, 'open');
    socket.send(`40/caps,{"protocol":1,"role":"admin","name":${pit}}`);
    expect(await said(socket, '44/caps,')).toContain('"code":"too-large"');
    socket.close();
  });
});

/** A shop on a bare WebSocket, which can send what no library would. */
async function bare(): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${hub.port}/socket.io/?EIO=4&transport=websocket`);
  await once(socket, 'open');
  socket.send('40/caps,{"protocol":1,"role":"vendor","store":"red"}');
  await said(socket, '42/caps,["welcome"');
  return socket;
}

/** The first frame to come that begins like this. */
function said(socket: WebSocket, start: string): Promise<string> {
  return new Promise((resolve) => {
    socket.addEventListener('message', ({ data }) => {
      if (String(data).startsWith(start)) resolve(String(data));
    });
  });
}
