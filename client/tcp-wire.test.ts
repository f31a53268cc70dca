import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { WireError } from '../protocol/errors.ts';
import { limits, PROTOCOL_VERSION } from '../protocol/limits.ts';
import type { Answer, Command, Handshake, Welcome } from '../protocol/messages.ts';
import { readLines } from '../testkit/tcp-lines.ts';
import type { Wire } from './socketio-wire.ts';
import { tcpWire } from './tcp-wire.ts';

const handshake: Handshake = { protocol: PROTOCOL_VERSION, role: 'driver', driver: 'ana' };
const welcome: Welcome = { protocol: 1, epoch: 'e', head: 7, actor: { role: 'driver', id: 'ana' } };
const payload = { store: 'red', orderID: '1' };
const claim = (id: string): Command => ({ event: 'claimed', payload, id });
const recorded = (seq: number): Answer => ({ ok: true, seq, rev: 2, status: 'claimed', time: 'now' });

/** A fake hub that sends what the test says. */
class FakeHub {
  readonly server: Server;
  readonly lines: string[] = [];
  socket: Socket | undefined;
  accepted = 0;
  #heard = Promise.withResolvers<void>();

  constructor() {
    this.server = createServer((socket) => {
      this.accepted += 1;
      this.socket = socket;
      readLines(socket, (line) => {
        this.lines.push(line);
        this.#heard.resolve();
        this.#heard = Promise.withResolvers();
      });
    });
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  say(...messages: readonly (object | string)[]): void {
    const lines = messages.map((one) => `${typeof one === 'string' ? one : JSON.stringify(one)}\n`);
    this.socket?.write(lines.join(''));
  }

  /** Resolves with the lines received since the last call, once there are so many. */
  async heard(count: number): Promise<string[]> {
    while (this.lines.length < count) await this.#heard.promise;
    return this.lines.splice(0, count);
  }
}

/** Records the wire's calls in order, and resolves once an expected one has come. */
class CallRecorder {
  readonly all: [what: string, payload: unknown][] = [];
  #more = Promise.withResolvers<void>();

  readonly handlers = {
    welcome: (payload: unknown) => this.#tell('welcome', payload),
    parcels: (payload: unknown) => this.#tell('parcels', payload),
    events: (payload: unknown) => this.#tell('events', payload),
    presence: (payload: unknown) => this.#tell('presence', payload),
    notice: (payload: unknown) => this.#tell('notice', payload),
    health: (payload: unknown) => this.#tell('health', payload),
    down: (error: WireError | undefined) => this.#tell('down', error),
  };

  async until(what: string): Promise<unknown> {
    for (;;) {
      const found = this.all.find(([name]) => name === what);
      if (found) return found[1];
      await this.#more.promise;
    }
  }

  #tell(what: string, payload: unknown): void {
    this.all.push([what, payload]);
    this.#more.resolve();
    this.#more = Promise.withResolvers();
  }
}

let hub: FakeHub;
let calls: CallRecorder;
let wire: Wire;
beforeEach(async () => {
  hub = new FakeHub();
  hub.server.listen(0, '127.0.0.1');
  await once(hub.server, 'listening');
  calls = new CallRecorder();
  wire = tcpWire('127.0.0.1', hub.port)(calls.handlers);
});
afterEach(() => {
  wire.close();
  hub.socket?.destroy();
  hub.server.close();
});

/** Connected, and welcome. */
async function arrive(): Promise<void> {
  wire.open(handshake);
  await hub.heard(1);
  hub.say({ event: 'welcome', payload: welcome });
  await calls.until('welcome');
}

/** Fakes only timers: sockets use real time. */
function fakeTimers(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
}

it('says hello, and passes on the hub’s messages, however the stream is cut', async () => {
  const events = { feed: 'own', prev: 7, upTo: 8, records: [{ payload: { customer: 'Zoë 🌷' } }] };
  const lines = [
    { event: 'welcome', payload: welcome },
    { event: 'parcels', payload: { upTo: 7, items: [], more: false } },
    { event: 'events', payload: events },
    { event: 'presence', payload: { all: [] } },
    { event: 'notice', payload: [] },
    { event: 'of a later version', payload: null },
  ];
  wire.open(handshake);
  expect((await hub.heard(1)).map((line) => JSON.parse(line))).toEqual([
    { event: 'hello', payload: handshake },
  ]);
  const bytes = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  hub.socket?.setNoDelay(true);
  for (const byte of bytes) {
    hub.socket?.write(Uint8Array.of(byte));
    await new Promise(setImmediate);
  }
  await calls.until('notice');
  expect(calls.all).toEqual(lines.slice(0, -1).map(({ event, payload }) => [event, payload]));
});

it('sends a line for each command of a batch, and gathers the answers', async () => {
  await arrive();
  const answers = wire.send([claim('a'), claim('b')]);
  wire.duty('on');
  const next = wire.send([claim('c')]);
  const lines = (await hub.heard(4)).map((line) => JSON.parse(line));
  expect(lines).toEqual([claim('a'), claim('b'), { event: 'duty', payload: 'on' }, claim('c')]);
  hub.say({ event: 'answer', id: 'a', payload: recorded(1) });
  hub.say(
    { event: 'answer', id: 'b', payload: recorded(2) },
    { event: 'answer', payload: { ok: true } },
    { event: 'answer', id: 'c', payload: recorded(3) },
  );
  expect(await answers).toEqual([recorded(1), recorded(2)]);
  expect(await next).toEqual([recorded(3)]);
});

it('sends a ping for an empty batch', async () => {
  await arrive();
  const pong = wire.send([]);
  expect(await hub.heard(1)).toEqual(['PING.']);
  hub.say('PONG.');
  expect(await pong).toEqual([]);
});

it('ignores records before the welcome, which are for a plain client', async () => {
  wire.open(handshake);
  await hub.heard(1);
  hub.say({ event: 'pickup', payload, time: 'now' }, { event: 'events', payload: {} });
  hub.say({ event: 'welcome', payload: welcome });
  await calls.until('welcome');
  expect(calls.all).toHaveLength(1);
});

describe('the connection goes down once, and every request resolves:', () => {
  /** Every request resolves, and then the handlers are called. */
  async function expectDown(what: () => void): Promise<unknown> {
    const waiting = [wire.send([claim('a')]), wire.send([])];
    what();
    expect(await Promise.all(waiting)).toEqual([undefined, undefined]);
    const error = await calls.until('down');
    expect(await wire.send([claim('b')])).toBe(undefined);
    wire.close();
    expect(calls.all.filter(([name]) => name === 'down')).toHaveLength(1);
    return error;
  }

  it('if nothing listens on the port', async () => {
    hub.server.close();
    wire.open(handshake);
    expect(await expectDown(() => {})).toBe(undefined);
  });

  it('if the hub refuses with an error', async () => {
    const error = { code: 'unsupported-protocol', message: 'This hub speaks version 2.', retryable: false };
    wire.open(handshake);
    await hub.heard(1);
    const refused = await expectDown(() => {
      hub.say({ event: 'error', payload: error });
      hub.socket?.end();
    });
    expect(refused).toEqual(error);
  });

  it('if the hub stops', async () => {
    await arrive();
    expect(await expectDown(() => hub.socket?.end())).toBe(undefined);
  });

  it('if the hub is killed', async () => {
    await arrive();
    expect(await expectDown(() => hub.socket?.resetAndDestroy())).toBe(undefined);
  });

  it('without an earlier error as the reason, if the hub sent more after it', async () => {
    await arrive();
    hub.say({ event: 'error', payload: { code: 'not-json', message: 'No.', retryable: false } });
    hub.say({ event: 'events', payload: {} });
    expect(await expectDown(() => hub.socket?.end())).toBe(undefined);
  });

  it('if an answer matches no request', async () => {
    await arrive();
    const stray = { event: 'answer', id: 'z', payload: recorded(1) };
    expect(await expectDown(() => hub.say(stray))).toBe(undefined);
  });

  it('with an error if the other end is not a hub, because a retry would not help', async () => {
    wire.open(handshake);
    await hub.heard(1);
    const error = await expectDown(() => hub.say('HTTP/1.1 400 Bad Request'));
    expect(error).toMatchObject({ code: 'not-json', retryable: false });
    expect((error as WireError).message).toContain(`127.0.0.1:${hub.port}`);
  });

  it('if no welcome comes', async () => {
    fakeTimers();
    wire.open(handshake);
    await hub.heard(1);
    expect(await expectDown(() => vi.advanceTimersByTime(limits.completeMs))).toBe(undefined);
  });

  it('if the hub owes an answer and sends nothing', async () => {
    fakeTimers();
    await arrive();
    vi.advanceTimersByTime(60 * 60 * 1_000);
    expect(calls.all).toHaveLength(1);
    expect(await expectDown(() => vi.advanceTimersByTime(20_000))).toBe(undefined);
  });
});

it('waits for a slow answer while the hub sends other messages', async () => {
  fakeTimers();
  await arrive();
  const answers = wire.send([claim('a')]);
  await hub.heard(1);
  for (let i = 0; i < 5; i += 1) {
    vi.advanceTimersByTime(15_000);
    hub.say('PONG.', { event: 'presence', payload: i });
    await calls.until('presence');
    calls.all.length = 0;
  }
  hub.say({ event: 'answer', id: 'a', payload: recorded(1) });
  expect(await answers).toEqual([recorded(1)]);
  vi.advanceTimersByTime(60_000);
  expect(calls.all).toEqual([]);
});

it('sends its last lines and calls no handler once closed, and can be closed twice', async () => {
  await arrive();
  const answers = wire.send([claim('a')]);
  wire.duty('off');
  const ended = hub.socket && once(hub.socket, 'end');
  wire.close();
  wire.close();
  hub.say({ event: 'events', payload: {} });
  expect(await answers).toBe(undefined);
  await ended;
  expect((await hub.heard(2)).at(-1)).toContain('"off"');
  expect(calls.all).toHaveLength(1);
});

it('ends the open connection when it opens a new one, and ignores the old one’s messages', async () => {
  await arrive();
  const first = hub.socket;
  const answers = wire.send([claim('a')]);
  await hub.heard(1);
  wire.open(handshake);
  expect(await answers).toBe(undefined);
  first?.write('{"event":"events","payload":{}}\n');
  await hub.heard(1);
  hub.say({ event: 'welcome', payload: { ...welcome, head: 8 } });
  while (calls.all.length < 2) await new Promise(setImmediate);
  expect(hub.accepted).toBe(2);
  expect(calls.all.map(([name]) => name)).toEqual(['welcome', 'welcome']);
});
