import { once } from 'node:events';
import { request } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Notice, Presence, Welcome } from '../../../protocol/messages.ts';
import { type RealHub, startRealHub } from '../../../testkit/real-hub.ts';
import {
  dial,
  next,
  openClient,
  orderOf,
  refusalOf,
  stepOf,
  type TestClient,
} from '../../../testkit/test-client.ts';

let hub: RealHub;
let good: TestClient;
let idle: Promise<unknown>;
let orders = 0;

beforeAll(async () => {
  hub = await startRealHub();
  idle = Promise.all([webSocketIdle(), pollingIdle()]).catch((error: unknown) => error);
  good = await openClient(hub.url, { role: 'vendor', store: 'good' });
});
afterAll(async () => {
  good.close();
  await hub.close();
});

/** Whatever came before, the hub still serves those who behave, and does not call it a fault of its own. */
afterEach(async () => {
  orders += 1;
  expect(await good.send(orderOf('good', `${orders}`))).toMatchObject([{ ok: true, seq: orders }]);
  expect(hub.faults).toEqual([]);
});

const deep = (levels: number): unknown => {
  let value: unknown = 1;
  for (let i = 0; i < levels; i += 1) value = i % 2 ? [value] : { a: value };
  return value;
};

describe('who comes in', () => {
  it.each<[string, object, string]>([
    ['with a later protocol', { protocol: 2, role: 'vendor', store: 'red' }, 'unsupported-protocol'],
    [
      'with a protocol that is a text',
      { protocol: '1', role: 'vendor', store: 'red' },
      'unsupported-protocol',
    ],
    ['without a role', { protocol: 1 }, 'bad-message'],
    ['as the hub', { protocol: 1, role: 'hub' }, 'bad-message'],
    ['without a store', { protocol: 1, role: 'vendor' }, 'bad-message'],
    ['with a store that is no id', { protocol: 1, role: 'vendor', store: 'a\nb' }, 'bad-message'],
    ['with a name that is too long', { protocol: 1, role: 'admin', name: 'x'.repeat(200) }, 'bad-message'],
    ['with a cursor that is no text', { protocol: 1, role: 'admin', after: 5 }, 'bad-message'],
    ['with JSON nested 1,000 deep', { protocol: 1, role: 'admin', name: deep(1_000) }, 'too-large'],
    ['as a customer without a link', { protocol: 1, role: 'customer' }, 'unauthorized'],
  ])('[S1] is refused by name: %s', async (_, auth, code) => {
    expect(await refusalOf(dial(`${hub.url}/caps`, auth))).toBe(code);
  });

  it.each(['/', '/csps', '/admin', '/caps/'])(
    'that says who it is finds only /caps: %s',
    async (namespace) => {
      expect(await refusalOf(dial(hub.url + namespace, { protocol: 1, role: 'admin' }))).toBe('bad-message');
    },
  );

  it.each([
    ['websocket', { origin: 'http://evil.example' }],
    ['polling', { origin: 'http://evil.example' }],
    ['websocket', { origin: 'null' }],
    ['websocket', { host: 'evil.example' }],
    ['websocket', { host: 'evil.example', origin: 'http://evil.example' }],
  ])('[A3] is no page of another origin, nor under another name: %s %o', async (transport, extraHeaders) => {
    const auth = { protocol: 1, role: 'admin' };
    const socket = dial(`${hub.url}/caps`, auth, { transports: [transport], extraHeaders });
    expect(await refusalOf(socket)).toMatch(/websocket error|xhr poll error/);
  });

  it('[A3] nor by polling under another name', async () => {
    const path = '/socket.io/?EIO=4&transport=polling';
    const headers = { host: 'evil.example' };
    const [response] = await once(
      request({ port: hub.port, host: '127.0.0.1', path, headers }).end(),
      'response',
    );
    response.resume();
    expect(response.statusCode).toBe(403);
  });

  it.each(['websocket', 'polling'])('is a page of its own: %s', async (transport) => {
    const auth = { protocol: 1, role: 'vendor', store: 'own', name: 'Own' };
    const extraHeaders = { origin: hub.url };
    const socket = dial(`${hub.url}/caps`, auth, { transports: [transport], extraHeaders });
    expect(await next<Welcome>(socket, 'welcome')).toMatchObject({
      ...{ protocol: 1, head: 0, actor: { role: 'vendor', id: 'own', name: 'Own' } },
    });
    socket.close();
  });

  it('[S1] is closed after 5 s if it never names itself', async () => {
    expect(await idle).toEqual(['closed', 'closed']);
  });
});

/** A connection that never joins `/caps`. */
async function webSocketIdle(): Promise<string> {
  const socket = new WebSocket(`ws://127.0.0.1:${hub.port}/socket.io/?EIO=4&transport=websocket`);
  await once(socket, 'close');
  return 'closed';
}

/** The same by polling: the last answer says that it is closed. */
async function pollingIdle(): Promise<string> {
  const path = `${hub.url}/socket.io/?EIO=4&transport=polling`;
  const { sid } = JSON.parse((await (await fetch(path)).text()).slice(1)) as { sid: string };
  const last = await (await fetch(`${path}&sid=${sid}`)).text();
  return last === '1' || last === '6' ? 'closed' : last;
}

it('[S3] a connection joins once, until it leaves', async () => {
  const path = `${hub.url}/socket.io/?EIO=4&transport=polling`;
  const { sid } = JSON.parse((await (await fetch(path)).text()).slice(1)) as { sid: string };
  const join = '40/caps,{"protocol":1,"role":"vendor","store":"again"}';
  const send = (...packets: string[]) =>
    fetch(`${path}&sid=${sid}`, { method: 'POST', body: packets.join('\u001e') });
  const told = async (): Promise<string[]> => {
    const said: string[] = [];
    for (let i = 0; i < 10 && !said.some((one) => one.startsWith('42/caps,["parcels"')); i += 1) {
      said.push(...(await (await fetch(`${path}&sid=${sid}`)).text()).split('\u001e'));
    }
    return said.map((one) => one.slice(0, 2)).sort();
  };
  await send(join, join, join);
  expect(await told()).toEqual(['40', '42', '42', '44', '44']);
  await send('41/caps,');
  await send(join);
  expect(await told()).toEqual(['40', '42', '42']);
});

describe('dispatch', () => {
  it('is told who is here after its welcome, as everyone is welcomed first', async () => {
    const admin = dial(`${hub.url}/caps`, { protocol: 1, role: 'admin' });
    const heard: string[] = [];
    admin.onAny((message: string) => heard.push(message));
    await next(admin, 'presence');
    // More may come in the same moment.
    expect(heard.slice(0, 2)).toEqual(['welcome', 'presence']);
    admin.close();
  });

  it('hears who is here and what was refused; nobody else does', async () => {
    const admin = dial(`${hub.url}/caps`, { protocol: 1, role: 'admin' });
    const notices: Notice[] = [];
    const here = next<Presence>(admin, 'presence');
    expect((await here).all).toContainEqual(
      expect.objectContaining({ role: 'vendor', who: 'good', door: 'socket.io' }),
    );
    const told = new Promise<void>((resolve) => {
      admin.on('notice', (some: Notice[]) => {
        notices.push(...some);
        if (notices.some(({ who }) => who === 'noisy')) resolve();
      });
    });
    const noisy = await openClient(hub.url, { role: 'vendor', store: 'noisy' });
    await noisy.send(stepOf('explode', 'noisy', '1'), stepOf('explode', 'noisy', '2'));
    await told;
    expect(notices).toContainEqual(
      expect.objectContaining({
        kind: 'refused',
        code: 'unknown-event',
        who: 'noisy',
        count: 2,
        door: 'socket.io',
      }),
    );
    expect([noisy.heard, good.heard].join()).not.toMatch(/presence|refused|noisy/);
    noisy.close();
    admin.close();
  });
});

describe('[S4] when the hub stops', () => {
  it('answers what is under way, closes every connection, and closes once', async () => {
    const stopping = await startRealHub();
    const socket = dial(`${stopping.url}/caps`, { protocol: 1, role: 'vendor', store: 'red' });
    const poller = dial(`${stopping.url}/caps`, { protocol: 1, role: 'admin' }, { transports: ['polling'] });
    await Promise.all([next(socket, 'welcome'), next(poller, 'welcome')]);
    const ends = [next(socket, 'disconnect'), next(poller, 'disconnect')];
    const answers = Array.from({ length: 5 }, (_, i) =>
      socket.emitWithAck('commands', [orderOf('red', `${i}`)]),
    );
    await answers[0];
    await Promise.all([stopping.close(), stopping.close()]);
    expect(await Promise.all(ends)).toEqual([
      'transport close',
      expect.stringMatching(/^transport (close|error)$/),
    ]);
    await expect(fetch(stopping.url)).rejects.toThrow();
  });
});
