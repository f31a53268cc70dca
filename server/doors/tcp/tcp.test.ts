import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { limits } from '../../../protocol/limits.ts';
import type { Notice, Presence } from '../../../protocol/messages.ts';
import { describeDoor } from '../../../testkit/contracts/door.contract.ts';
import { type RealHub, startRealHub } from '../../../testkit/real-hub.ts';
import { TcpLine } from '../../../testkit/tcp-lines.ts';
import {
  dial,
  next,
  openClient,
  openTcpClient,
  orderOf,
  stepOf,
  type TestClient,
} from '../../../testkit/test-client.ts';

describeDoor('TCP with a hello', async () => {
  const hub = await startRealHub({ CAPS_RATE: 'off' });
  return {
    connect: (who) => openTcpClient(hub.tcpPort, who),
    hangsUpOn: 'too many bytes',
    async close() {
      await hub.close();
      expect(hub.faults).toEqual([]);
    },
  };
});

// ---- what only this door can meet ----

let hub: RealHub;
let dispatch: TestClient;
let count = 0;
const lines: TcpLine[] = [];

beforeAll(async () => {
  hub = await startRealHub({ CAPS_RATE: 'off' });
  dispatch = await openClient(hub.url, { role: 'admin' });
});
afterAll(async () => {
  dispatch.close();
  await hub.close();
});

/** Whatever came before, the others are served as always, and the hub does not call it a fault of its own. */
afterEach(async () => {
  for (const line of lines.splice(0)) line.close();
  count += 1;
  const orderID = `good ${count}`;
  const good = new TcpLine(hub.tcpPort);
  good.write(orderOf('good', orderID));
  await good.message(({ event, payload }) => event === 'pickup' && payload['orderID'] === orderID);
  expect(good.heard.filter((line) => line.includes('"error"'))).toEqual([]);
  good.close();
  expect(hub.faults).toEqual([]);
});

function opened(): TcpLine {
  const line = new TcpLine(hub.tcpPort);
  lines.push(line);
  return line;
}

async function hello(who: object): Promise<TcpLine> {
  const line = opened();
  line.write({ event: 'hello', payload: who });
  await line.message(({ event }) => event === 'welcome');
  return line;
}

const named = (event: string, orderID: string) => (message: { event: string; payload: object }) =>
  message.event === event && 'orderID' in message.payload && message.payload.orderID === orderID;

describe('a plain client', () => {
  it('hears everything, also what it sent itself, one object and a newline each', async () => {
    const [one, other] = [opened(), opened()];
    one.write(orderOf('red', 'echo'));
    for (const line of [one, other]) {
      const text = await line.line(named('pickup', 'echo'));
      expect(JSON.parse(text)).toMatchObject({
        event: 'pickup',
        payload: { store: 'red', orderID: 'echo', customer: 'Hulda', address: '835 Meluk Pass' },
        time: expect.stringMatching(/^\d{4}-.*Z$/),
        seq: expect.any(Number),
      });
    }
  });

  it('hears what happened after it came, though it has not said a word', async () => {
    const line = opened();
    await once(line.socket, 'connect');
    opened().write(orderOf('red', 'at once'));
    await line.line(named('pickup', 'at once'));
  });

  it('delivers what the echo of its own message asks it to', async () => {
    const driver = opened();
    const shop = await openClient(hub.url, { role: 'vendor', store: 'red' });
    driver.on((line) => {
      const { event, payload } = JSON.parse(line) as { event: string; payload: { orderID: string } };
      if (payload.orderID !== 'echoed') return;
      if (event === 'pickup') driver.write({ event: 'in-transit', payload });
      if (event === 'in-transit') driver.write({ event: 'delivered', payload });
    });
    await shop.send(orderOf('red', 'echoed'));
    expect(await shop.record('delivered', 'echoed')).toMatchObject({
      by: { role: 'driver', id: 'plain:127.0.0.1' },
      via: 'tcp',
    });
    shop.close();
  });

  it('is answered PONG. and BYE., with a newline behind its words and without', async () => {
    const line = opened();
    line.write('PING.');
    await line.line('PONG.');
    line.write('PING.\nGOTTA GO.');
    await line.ended;
    expect(line.heard).toEqual(['PONG.', 'PONG.', 'BYE.']);
  });

  it('may stop sending: what it sent is recorded, and then it is let go', async () => {
    const line = opened();
    line.socket.end(JSON.stringify(orderOf('red', 'last words')));
    await line.ended;
    await dispatch.record('pickup', 'last words');
  });

  it('that names its device is shown by it, as long as it is there', async () => {
    const admin = dial(`${hub.url}/caps`, { protocol: 1, role: 'admin' });
    const heard = async (fits: (presence: Presence) => boolean) => {
      for (;;) {
        const presence = await next<Presence>(admin, 'presence');
        if (fits(presence)) return presence;
      }
    };
    await next(admin, 'presence');
    const line = opened();
    line.write({ device_id: '0199e5a0-1111-7000-8000-000000000000' });
    const { joined } = await heard(
      ({ joined: all }) => all?.some(({ name }) => name?.startsWith('0199')) ?? false,
    );
    const [device] = joined?.filter(({ name }) => name?.startsWith('0199')) ?? [];
    expect(device).toMatchObject({ role: 'plain', who: '127.0.0.1', door: 'tcp' });
    line.close();
    await heard(({ left }) => left?.includes(device?.id ?? '') ?? false);
    admin.close();
  });
});

describe('messages are found', () => {
  it('cut at every byte', async () => {
    const text = Buffer.from(`${JSON.stringify(orderOf('straße', 'cut'))}`);
    for (let at = 1; at < text.length; at += 1) {
      const order = Buffer.from(text.toString().replace('cut', `c${String(at).padStart(3, '0')}`));
      const line = opened();
      line.socket.setNoDelay(true);
      line.write(order.subarray(0, at));
      // Only when the hub has answered to what came before does the rest follow: two chunks for certain.
      await new Promise((resolve) => line.socket.write('', resolve));
      line.write(order.subarray(at));
      line.socket.end();
      await line.ended;
      expect(line.heard.filter((one) => one.includes('error'))).toEqual([]);
    }
    await dispatch.record('pickup', `c${text.length - 1}`);
    const { items } = await fetch(`${hub.url}/api/orders?store=stra%C3%9Fe&limit=500`).then(
      (response) => response.json() as Promise<{ items: unknown[] }>,
    );
    expect(items).toHaveLength(text.length - 1);
  });

  it('a thousand in one piece', async () => {
    const line = opened();
    line.write(
      Array.from({ length: 1_000 }, (_, i) => JSON.stringify(orderOf('thousand', `t${i}`))).join(''),
    );
    await dispatch.record('pickup', 't999');
    const line2 = await hello({ role: 'vendor', store: 'thousand', after: '0' });
    await line2.message(({ event, payload }) => event === 'events' && payload['upTo'] === 1_000);
  });

  it('[S3] a hundred thousand in one piece, none of them lost', async () => {
    const line = await hello({ role: 'vendor', store: 'flood' });
    const answers = { ok: 0, refused: 0 };
    const all = new Promise<void>((resolve) => {
      line.on((text) => {
        if (!text.startsWith('{"event":"answer"')) return;
        answers[text.includes('"ok":true') ? 'ok' : 'refused'] += 1;
        if (answers.ok + answers.refused === 100_000) resolve();
      });
    });
    const note = JSON.stringify(stepOf('note', 'flood', 'none', { details: { text: 'x' } }));
    line.write(`${note}\n`.repeat(99_999));
    line.write(orderOf('flood', 'after them'));
    await all;
    expect(answers).toEqual({ ok: 1, refused: 99_999 });
  });
});

describe('[S1] what is no message is answered to its sender alone, and the connection lives on', () => {
  const big = 'x'.repeat(2_000);
  it.each<[string, string | Uint8Array, string]>([
    ['text', 'ERROR\n', 'not-json'],
    ['a number', '5\n', 'not-json'],
    ['a list', '[]\n', 'not-json'],
    ['an object that is no JSON', '{oops}', 'not-json'],
    ['an object that cannot be finished', '{"a": "b\n', 'not-json'],
    ['bytes that are no UTF-8', Uint8Array.of(0x7b, 0x22, 0xc3, 0x28, 0x22, 0x7d), 'not-json'],
    ['an object without an event', '{"payload":{}}', 'bad-message'],
    ['an object without a payload', '{"event":"pickup"}', 'bad-message'],
    ['an event that is a number', '{"event":5,"payload":{}}', 'bad-message'],
    ['an event that is the libraries’ own', '{"event":"disconnect","payload":{}}', 'unknown-event'],
    ['a payload that is null', '{"event":"pickup","payload":null}', 'bad-message'],
    ['a payload that is text', '{"event":"pickup","payload":"x"}', 'bad-message'],
    ['an order without a store', '{"event":"pickup","payload":{"orderID":"1"}}', 'bad-message'],
    ['an order without an id', '{"event":"pickup","payload":{"store":"red"}}', 'bad-message'],
    ['a device without a name', '{"device_id":""}', 'bad-message'],
    ['a text that is too long', JSON.stringify(orderOf('red', 'long', { address: big })), 'too-large'],
    [
      'JSON nested 1,000 deep',
      `{"event":"pickup","payload":${'['.repeat(1_000)}${']'.repeat(1_000)}}`,
      'bad-message',
    ],
    [
      'a key called __proto__',
      '{"event":"pickup","payload":{"__proto__":{},"store":"a","orderID":"b"}}',
      'bad-message',
    ],
    ['a duty of somebody who is no driver', '{"event":"duty","payload":"on"}', 'not-allowed'],
  ])('%s', async (_, bad, code) => {
    const line = opened();
    line.write(bad);
    const answer = await line.message(({ event }) => event === 'error' || event === 'answer');
    expect(JSON.stringify(answer)).toContain(`"code":"${code}"`);
    line.write('PING.');
    await line.line('PONG.');
  });

  /** Resolves at this notice: those of what other tests had refused may come before it. */
  async function noticed(admin: ReturnType<typeof dial>, isIt: (notice: Notice) => boolean): Promise<void> {
    while (!(await next<Notice[]>(admin, 'notice')).some(isIt));
  }

  it('dispatch is told', async () => {
    const admin = dial(`${hub.url}/caps`, { protocol: 1, role: 'admin' });
    await next(admin, 'welcome');
    opened().write('ERROR\n');
    await noticed(admin, ({ code, door, who }) => `${code} ${door} ${who}` === 'not-json tcp 127.0.0.1');
    const broken = opened();
    broken.write('PING.');
    await broken.line('PONG.');
    broken.socket.resetAndDestroy();
    await noticed(admin, ({ kind, message }) => kind === 'fault' && message.includes('ECONNRESET'));
    admin.close();
  });
});

it.each(['"x":9007199254740993', '"x":1e400', '"x":1,"x":2'])(
  '[S1] a bound client is refused what the log cannot keep as it came: %s',
  async (part) => {
    const line = await hello({ role: 'vendor', store: 'red' });
    line.write(JSON.stringify(orderOf('red', 'lost')).replace('"payload":{', `"payload":{${part},`));
    const { payload } = await line.message(({ event }) => event === 'answer');
    expect(payload).toMatchObject({ error: { code: 'bad-message', details: { field: 'payload.x' } } });
    expect((await fetch(`${hub.url}/api/orders/red/lost`)).status).toBe(404);
  },
);

describe('[S1][S3] is closed:', () => {
  it.each([
    'GET / HTTP/1.1\r\n',
    'POST /x HTTP/1.1\r\n\r\n{"event":"pickup"}',
    'OPTIONS * HTTP/1.1',
    '\u0016\u0003\u0001',
  ])('[A3] a request that is not for this port: %j', async (request) => {
    const line = opened();
    line.write(request);
    await line.ended;
    expect(line.heard).toEqual([]);
  });

  it('[A3] and one that comes byte by byte', async () => {
    const line = opened();
    for (const byte of 'POST / HTTP/1.1\r\n') line.write(byte);
    await line.ended;
    expect(line.heard).toEqual([]);
  });

  it('[A3] what a browser sends, orders in its body included', async () => {
    const body = JSON.stringify(orderOf('red', 'by a page'));
    await expect(fetch(`http://127.0.0.1:${hub.tcpPort}/`, { method: 'POST', body })).rejects.toThrow();
    const found = await fetch(`${hub.url}/api/orders/red/by%20a%20page`);
    expect(found.status).toBe(404);
  });

  it.each([
    [
      'a message that is too long',
      JSON.stringify(orderOf('red', 'x', { a: 'x'.repeat(limits.commandBytes) })),
    ],
    ['a megabyte without an end', 'x'.repeat(1024 * 1024)],
    ['a megabyte of an object', `{"a":"${'x'.repeat(1024 * 1024)}`],
  ])('%s', async (_, text) => {
    const line = opened();
    line.write(text);
    expect(await line.error()).toBe('too-large');
    await line.ended;
  });

  it.each<[string, object, string]>([
    ['who is somebody unknown', { role: 'king' }, 'bad-message'],
    ['a store without a name', { role: 'vendor' }, 'bad-message'],
    ['another version', { protocol: 2, role: 'admin' }, 'unsupported-protocol'],
    ['a customer without a link', { role: 'customer' }, 'unauthorized'],
  ])('a hello of %s', async (_, who, code) => {
    const line = opened();
    line.write({ event: 'hello', payload: who });
    expect(await line.error()).toBe(code);
    await line.ended;
  });

  it.each([
    ['that comes late', [orderOf('red', 'before hello'), { event: 'hello', payload: { role: 'admin' } }]],
    [
      'that comes twice',
      [
        { event: 'hello', payload: { role: 'admin' } },
        { event: 'hello', payload: { role: 'admin' } },
      ],
    ],
  ])('a hello %s', async (_, messages) => {
    const line = opened();
    for (const message of messages) line.write(message);
    expect(await line.error()).toBe('bad-message');
    await line.ended;
  });
});

describe('who says hello', () => {
  it('[D3] goes on from a cursor, and is told of one that is not honoured', async () => {
    const first = await hello({ role: 'vendor', store: 'cursor' });
    first.write(orderOf('cursor', '1'));
    const { payload } = await first.message(({ event }) => event === 'welcome');
    first.close();
    const epoch = String(payload['epoch']);
    const second = await hello({ role: 'vendor', store: 'cursor', after: `${epoch}.0` });
    await second.message(({ event, payload: { upTo } }) => event === 'events' && upTo === 1);
    const third = await hello({ role: 'vendor', store: 'cursor', after: 'other.5' });
    expect(await third.message(({ event }) => event === 'welcome')).toMatchObject({
      payload: { reset: 'bad-cursor' },
    });
    await third.message(({ event, payload: { more } }) => event === 'parcels' && more === false);
  });

  it('is answered in order, each answer with its command’s id', async () => {
    const line = await hello({ role: 'driver', driver: 'ana' });
    line.write(
      `${JSON.stringify(stepOf('claimed', 'red', 'nope', { id: 'c1' }))}{"event":"duty","payload":"on","id":"d1"}`,
    );
    line.write({ event: 'explode', payload: {}, id: 'e1' });
    await line.message(({ id }) => id === 'e1');
    const answers = line.heard.filter((text) => text.startsWith('{"event":"answer"'));
    expect(answers.map((text) => JSON.parse(text) as object)).toMatchObject([
      { id: 'c1', payload: { ok: false, error: { code: 'unknown-parcel' } } },
      { id: 'd1', payload: { ok: true } },
      { id: 'e1', payload: { ok: false, error: { code: 'unknown-event' } } },
    ]);
  });

  it('hears as dispatch who is connected, and what was refused', async () => {
    const line = await hello({ role: 'admin' });
    await line.message(({ event, payload }) => event === 'presence' && 'all' in payload);
    opened().write('ERROR\n');
    // What other tests had refused comes as notices, too.
    await line.message(
      ({ event, payload }) => event === 'notice' && JSON.stringify(payload).includes('"not-json"'),
    );
  });
});
