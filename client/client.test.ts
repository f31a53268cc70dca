import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WireError } from '../protocol/errors.ts';
import { limits, PROTOCOL_VERSION } from '../protocol/limits.ts';
import type { Answer, CapsRecord, Command, Events, Handshake, Welcome } from '../protocol/messages.ts';
import {
  type Client,
  type ClientEvents,
  type ClientOptions,
  type ConnectionState,
  connect,
  type Identity,
  type NewCommand,
} from './client.ts';
import type { WireHandlers } from './socketio-wire.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const time = '2026-11-20T18:00:00.000Z';
const key = { store: 'red', orderID: '1' };
const ok = (seq: number): Answer => ({ ok: true, seq, rev: 1, status: 'ready', time });
const refused = (code: 'busy' | 'taken'): Answer => ({
  ok: false,
  error: { code, message: 'No.', retryable: code === 'busy' },
});
const note = (text: string): NewCommand => ({ event: 'note', payload: key, details: { text } });
const recordAt = (seq: number): CapsRecord => ({
  ...{ seq, event: 'note', time, status: 'ready', rev: seq, via: 'socket.io' },
  ...{ payload: { ...key, customer: 'Hulda', address: 'Pass' }, by: { role: 'admin', id: 'admin' } },
});
/** All records after `prev` up to `upTo`. */
function frame(prev: number, upTo: number, feed: Events['feed'] = 'log'): Events {
  return { feed, prev, upTo, records: Array.from({ length: upTo - prev }, (_, i) => recordAt(prev + 1 + i)) };
}

/** A wire on which the test plays the hub. */
class FakeHub {
  readonly handshakes: Handshake[] = [];
  /** Batches without an answer. It answers pings at once. */
  readonly batches: { commands: Command[]; answer: (answers: Answer[] | undefined) => void }[] = [];
  readonly duties: string[] = [];
  /** Does not answer a ping. */
  isMute = false;
  closed = 0;
  readonly client: Client;
  readonly states: ConnectionState[] = [];
  readonly heard: { [K in keyof ClientEvents]?: ClientEvents[K][] } = {};
  #handlers: WireHandlers | undefined;
  #isOpen = false;

  constructor(identity: Identity = { role: 'admin' }, after?: ClientOptions['after']) {
    this.client = connect({
      url: 'http://hub.test',
      identity,
      after,
      dial: (handlers) => {
        this.#handlers = handlers;
        return {
          open: (handshake) => {
            this.handshakes.push(handshake);
            this.#isOpen = true;
          },
          send: (commands) => {
            if (commands.length === 0) return this.isMute ? new Promise(() => {}) : Promise.resolve([]);
            return new Promise((answer) => this.batches.push({ commands, answer }));
          },
          offers: () => Promise.resolve(undefined),
          duty: (state) => this.duties.push(state),
          close: () => {
            this.closed += 1;
            this.#breakOff();
          },
        };
      },
    });
    for (const name of [
      'state',
      'welcome',
      'reset',
      'parcels',
      'events',
      'notice',
      'health',
      'outbox',
    ] as const) {
      this.client.on(name, (event: unknown) => {
        const list: unknown[] = this.heard[name] ?? [];
        Object.assign(this.heard, { [name]: [...list, event] });
      });
    }
  }

  get tell(): WireHandlers {
    if (!this.#handlers) throw new Error('nobody has dialled');
    return this.#handlers;
  }
  get kind(): string {
    return this.client.state.kind;
  }
  /** The records that the client emitted, in order. */
  get shown(): number[] {
    return (this.heard.events ?? []).flatMap(({ records }) => records.map(({ seq }) => seq));
  }

  async welcome(head = 0, more: Partial<Welcome> = {}): Promise<void> {
    if (!this.#isOpen) return;
    const actor = { role: 'admin', id: 'admin' } as const;
    this.tell.welcome({ protocol: PROTOCOL_VERSION, epoch: 'e', head, actor, ...more });
    await settle();
  }

  async answer(...answers: Answer[]): Promise<void> {
    this.batches.shift()?.answer(answers);
    await settle();
  }

  async down(error?: WireError): Promise<void> {
    this.#breakOff();
    this.tell.down(error);
    await settle();
  }

  /** Resolves requests without an answer, as the wire promises. */
  #breakOff(): void {
    this.#isOpen = false;
    for (const { answer } of this.batches.splice(0)) answer(undefined);
  }
}

/** Lets promises settle without passing time. */
const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);
const textsOf = (commands: readonly Command[] | undefined): unknown[] | undefined =>
  commands?.map((command) => command.event === 'note' && command.details.text);

describe('commands', () => {
  it('given in one turn leave in one message, in order, and each gets its own answer', async () => {
    const hub = new FakeHub();
    await hub.welcome();
    const answers = Promise.all([hub.client.command(note('a')), hub.client.command(note('b'))]);
    await settle();
    expect(textsOf(hub.batches[0]?.commands)).toEqual(['a', 'b']);
    await hub.answer(ok(1), refused('taken'));
    expect(await answers).toEqual([ok(1), refused('taken')]);
    expect(hub.client.waiting).toBe(0);
    expect(hub.heard.outbox).toEqual([1, 2, 0]);
  });

  it('wait without a connection, and leave when there is one', async () => {
    const hub = new FakeHub();
    void hub.client.command(note('a'));
    await settle();
    expect(hub.batches).toHaveLength(0);
    await hub.welcome();
    expect(textsOf(hub.batches[0]?.commands)).toEqual(['a']);
  });

  it('leave one message at a time, so that none overtakes another', async () => {
    const hub = new FakeHub();
    await hub.welcome();
    void hub.client.command(note('a'));
    await settle();
    void hub.client.command(note('b'));
    await settle();
    expect(hub.batches.map(({ commands }) => textsOf(commands))).toEqual([['a']]);
    await hub.answer(ok(1));
    expect(hub.batches.map(({ commands }) => textsOf(commands))).toEqual([['b']]);
  });

  it('refused as busy are sent again after a pause, before later ones', async () => {
    const hub = new FakeHub();
    await hub.welcome();
    void hub.client.command(note('a'));
    void hub.client.command(note('b'));
    void hub.client.command(note('c'));
    await settle();
    const ids = hub.batches[0]?.commands.map(({ id }) => id);
    await hub.answer(ok(1), refused('busy'), refused('busy'));
    void hub.client.command(note('d'));
    await settle();
    expect(hub.batches).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(textsOf(hub.batches[0]?.commands)).toEqual(['b', 'c', 'd']);
    expect(hub.batches[0]?.commands.slice(0, 2).map(({ id }) => id)).toEqual(ids?.slice(1));
  });

  it('[D4] whose answer was lost are sent again with the same id and the time they were given', async () => {
    const hub = new FakeHub();
    await hub.welcome();
    const occurredAt = new Date().toISOString();
    const answer = hub.client.command(note('a'));
    void hub.client.command({ ...note('b'), id: 'my own' });
    await settle();
    const sent = hub.batches[0]?.commands;
    await hub.down();
    expect(hub.client.waiting).toBe(2);
    await vi.advanceTimersByTimeAsync(5_000);
    await hub.welcome();
    expect(hub.batches[0]?.commands).toEqual(sent?.map((command) => ({ ...command, occurredAt })));
    expect(sent?.[0]?.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(sent?.[1]?.id).toBe('my own');
    await hub.answer({ ...ok(1), duplicate: true } as Answer, ok(2));
    expect(await answer).toMatchObject({ ok: true, duplicate: true });
  });

  it('over the limits are refused at once and do not hold up others', async () => {
    const hub = new FakeHub();
    await hub.welcome();
    const huge = {
      event: 'pickup',
      payload: { ...key, customer: 'Hulda', address: 'Pass', x: ['x'.repeat(1024 * 1024)] },
    };
    const [tooLarge] = [hub.client.command(huge as NewCommand), hub.client.command(note('a'))];
    expect(await tooLarge).toMatchObject({ ok: false, error: { code: 'too-large' } });
    await settle();
    expect([hub.batches.length, textsOf(hub.batches[0]?.commands)]).toEqual([1, ['a']]);
  });

  it('never make a message larger than the hub accepts', async () => {
    const hub = new FakeHub();
    await hub.welcome();
    for (let i = 0; i < 600; i++) void hub.client.command(note('€'.repeat(1_000)));
    for (let sent = 0; sent < 600; ) {
      await settle();
      const commands = hub.batches[0]?.commands ?? [];
      expect(commands.length).toBeLessThanOrEqual(limits.batch);
      expect(Buffer.byteLength(JSON.stringify(commands))).toBeLessThan(limits.frameBytes);
      sent += commands.length;
      await hub.answer(...commands.map((_, i) => ok(i)));
    }
    expect(hub.client.waiting).toBe(0);
  });
});

describe('feeds', () => {
  it('show each record once and in order if frames overlap', async () => {
    const hub = new FakeHub();
    await hub.welcome(10);
    for (const [prev, upTo] of [
      [10, 12],
      [10, 12],
      [11, 14],
      [9, 10],
      [14, 14],
      [14, 15],
    ] as const) {
      hub.tell.events(frame(prev, upTo));
    }
    expect(hub.shown).toEqual([11, 12, 13, 14, 15]);
    expect(hub.closed).toBe(0);
    expect(hub.client.cursor).toBe('e.15');
  });

  it.each([
    ['a frame that begins too late', frame(12, 14)],
    ['a frame with a hole', { ...frame(11, 13), records: [recordAt(13)] }],
    ['a frame that ends too early', { ...frame(11, 13), records: [recordAt(12)] }],
    ['a frame out of order', { ...frame(11, 13), records: [recordAt(13), recordAt(12)] }],
    ['a feed that is not theirs', frame(0, 1, 'store')],
  ])('[D3] after %s nothing of it is shown, and the client asks again from its place', async (_, odd) => {
    const hub = new FakeHub();
    await hub.welcome(10);
    hub.tell.events(frame(10, 11));
    hub.tell.events(odd);
    expect(hub.shown).toEqual([11]);
    expect(hub.closed).toBe(1);
    await vi.advanceTimersByTimeAsync(250);
    expect(hub.handshakes.at(-1)).toMatchObject({ after: 'e.11' });
    await hub.welcome(14);
    hub.tell.events(frame(11, 14));
    expect(hub.shown).toEqual([11, 12, 13, 14]);
  });

  it('[D3] resume after a break, and say how many records were caught up', async () => {
    const hub = new FakeHub({ role: 'vendor', store: 'red' }, 'e.5');
    expect(hub.handshakes).toEqual([
      { protocol: PROTOCOL_VERSION, role: 'vendor', store: 'red', after: 'e.5' },
    ]);
    await hub.welcome(8);
    expect(hub.kind).toBe('catching-up');
    hub.tell.events(frame(5, 7, 'store'));
    expect(hub.kind).toBe('catching-up');
    hub.tell.events(frame(7, 9, 'store'));
    expect(hub.client.state).toMatchObject({ kind: 'live', caughtUp: 4 });
    await hub.down();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(hub.handshakes.at(-1)).toMatchObject({ after: 'e.9' });
    expect(hub.heard.reset).toBeUndefined();
  });

  it('[D3] resume from a cursor that a promise gives later, such as the asOf of a list', async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const hub = new FakeHub({ role: 'vendor', store: 'red' }, promise);
    await vi.advanceTimersByTimeAsync(60_000);
    expect([hub.kind, hub.handshakes]).toEqual(['connecting', []]);
    resolve('e.5');
    await vi.advanceTimersByTimeAsync(0);
    expect(hub.handshakes).toMatchObject([{ after: 'e.5' }]);
    await hub.welcome(6);
    hub.tell.events(frame(5, 6, 'store'));
    expect([hub.kind, hub.client.cursor]).toEqual(['live', 'e.6']);

    const late = Promise.withResolvers<string>();
    const closed = new FakeHub({ role: 'vendor', store: 'red' }, late.promise);
    closed.client.close();
    late.resolve('e.5');
    await vi.advanceTimersByTimeAsync(0);
    expect([closed.kind, closed.handshakes]).toEqual(['closed', []]);
  });

  it('forget the first pages of an interrupted snapshot, whose parcels may be finished meanwhile', async () => {
    const hub = new FakeHub({ role: 'vendor', store: 'red' });
    await hub.welcome(8);
    hub.tell.parcels({ upTo: 8, items: [], more: true });
    await hub.down();
    await vi.advanceTimersByTimeAsync(250);
    await hub.welcome(9);
    expect(hub.heard.reset).toEqual([{ reason: 'broken-off' }]);
    hub.tell.parcels({ upTo: 9, items: [], more: false });
    expect(hub.kind).toBe('live');
    await hub.down();
    await vi.advanceTimersByTimeAsync(250);
    await hub.welcome(9);
    expect(hub.heard.reset).toHaveLength(1);
  });

  it('start with the open parcels, and are live when all pages have arrived', async () => {
    const hub = new FakeHub({ role: 'vendor', store: 'red' });
    await hub.welcome(8);
    expect(hub.handshakes[0]).not.toHaveProperty('after');
    hub.tell.parcels({ upTo: 8, items: [], more: true });
    expect([hub.kind, hub.client.cursor]).toEqual(['catching-up', undefined]);
    hub.tell.parcels({ upTo: 8, items: [], more: false });
    expect([hub.kind, hub.client.cursor]).toEqual(['live', 'e.8']);
    hub.tell.events(frame(8, 9, 'store'));
    expect(hub.shown).toEqual([9]);
  });

  it('forget everything and start afresh if the hub cannot resume from the cursor', async () => {
    const hub = new FakeHub({ role: 'vendor', store: 'red' }, 'old.5');
    await hub.welcome(2, { epoch: 'new', reset: 'bad-cursor' });
    expect(hub.heard.reset).toEqual([{ reason: 'bad-cursor' }]);
    expect(hub.client.cursor).toBeUndefined();
    hub.tell.parcels({ upTo: 2, items: [], more: false });
    expect([hub.kind, hub.client.cursor]).toEqual(['live', 'new.2']);
  });

  it('are two for a driver, who resumes from the lower place and receives nothing twice', async () => {
    const hub = new FakeHub({ role: 'driver', driver: 'ana' }, 'e.5');
    await hub.welcome(9);
    hub.tell.events({
      feed: 'board',
      prev: 5,
      upTo: 9,
      records: [recordAt(7)],
      gone: [{ ...key, by: 'Ben' }],
    });
    expect([hub.kind, hub.client.cursor]).toEqual(['catching-up', 'e.5']);
    await hub.down();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(hub.handshakes.at(-1)).toMatchObject({ after: 'e.5' });
    await hub.welcome(10);
    hub.tell.events({ feed: 'board', prev: 5, upTo: 10, records: [recordAt(7), recordAt(10)] });
    hub.tell.events({ feed: 'own', prev: 5, upTo: 10, records: [recordAt(8)] });
    expect([hub.kind, hub.client.cursor]).toEqual(['live', 'e.10']);
    expect(hub.heard.events?.map(({ feed, records }) => [feed, records.map(({ seq }) => seq)])).toEqual([
      ['board', [7]],
      ['board', [10]],
      ['own', [8]],
    ]);
    expect(hub.heard.events?.map(({ gone }) => gone.length)).toEqual([1, 0, 0]);
  });
});

describe('the connection', () => {
  const kindsOf = (hub: FakeHub) => hub.heard.state?.map(({ kind }) => kind);

  it('goes through its states, and measures the round trip', async () => {
    const hub = new FakeHub();
    expect(hub.kind).toBe('connecting');
    await hub.welcome(3);
    await hub.down();
    await vi.advanceTimersByTimeAsync(5_000);
    await hub.welcome(3);
    expect(kindsOf(hub)).toEqual([
      ...['catching-up', 'live', 'live', 'waiting'],
      ...['connecting', 'catching-up', 'live', 'live'],
    ]);
    expect(hub.client.state).toEqual({ kind: 'live', caughtUp: 0, rttMs: 0 });
  });

  it('is retried with a backoff of up to 3 s, and at once on request', async () => {
    const hub = new FakeHub();
    const waits: number[] = [];
    for (let i = 0; i < 8; i++) {
      await hub.down();
      const { state } = hub.client;
      if (state.kind !== 'waiting') throw new Error(`not waiting but ${state.kind}`);
      waits.push(state.at - Date.now());
      await vi.advanceTimersByTimeAsync(state.at - Date.now() + 1);
      expect([hub.kind, hub.handshakes.length]).toEqual(['connecting', i + 2]);
    }
    expect(Math.max(...waits)).toBeLessThanOrEqual(3_000);
    expect(waits[0]).toBeLessThanOrEqual(250);
    expect(waits.at(-1)).toBeGreaterThanOrEqual(1_500);
    await hub.down();
    hub.client.retryNow();
    expect([hub.kind, hub.handshakes.length]).toEqual(['connecting', 10]);
    hub.client.retryNow();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(hub.handshakes).toHaveLength(10);
  });

  it('is retried soon again once it has been up', async () => {
    const hub = new FakeHub();
    for (let i = 0; i < 6; i++) {
      await hub.down();
      await vi.advanceTimersByTimeAsync(3_000);
    }
    await hub.welcome();
    await hub.down();
    await vi.advanceTimersByTimeAsync(250);
    expect(hub.kind).toBe('connecting');
  });

  it('is retried after a retryable refusal, and not after another', async () => {
    const hub = new FakeHub();
    await hub.down({ code: 'unavailable', message: 'Stopping.', retryable: true });
    expect(hub.kind).toBe('waiting');
    await vi.advanceTimersByTimeAsync(5_000);
    const error: WireError = { code: 'unauthorized', message: 'No key.', retryable: false };
    await hub.down(error);
    expect(hub.client.state).toEqual({ kind: 'refused', error });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(hub.handshakes).toHaveLength(2);
  });

  it('keeps a driver on duty across breaks', async () => {
    const hub = new FakeHub({ role: 'driver', driver: 'ana' });
    hub.client.duty('on');
    expect(hub.duties).toEqual([]);
    await hub.welcome();
    expect(hub.duties).toEqual(['on']);
    hub.client.duty('off');
    await hub.down();
    await vi.advanceTimersByTimeAsync(5_000);
    await hub.welcome();
    expect(hub.duties).toEqual(['on', 'off', 'off']);
  });

  it('answers waiting commands and goes silent once closed, and can be closed twice', async () => {
    const hub = new FakeHub();
    await hub.welcome();
    const answer = hub.client.command(note('a'));
    await settle();
    hub.client.close();
    hub.client.close();
    expect(hub.closed).toBe(1);
    expect(await answer).toMatchObject({ ok: false, error: { code: 'unavailable' } });
    expect(await hub.client.command(note('b'))).toMatchObject({ ok: false, error: { code: 'unavailable' } });
    await hub.down();
    hub.client.retryNow();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([hub.kind, hub.handshakes.length, vi.getTimerCount()]).toEqual(['closed', 1, 0]);
  });

  it.each(['connecting', 'catching-up', 'live', 'waiting'])(
    'may be closed by who hears that it is %s',
    async (at) => {
      const hub = new FakeHub();
      await hub.welcome();
      hub.client.on('state', ({ kind }) => kind === at && hub.client.close());
      await hub.down();
      await vi.advanceTimersByTimeAsync(5_000);
      await hub.welcome();
      const opened = hub.handshakes.length;
      await vi.advanceTimersByTimeAsync(60_000);
      expect([hub.kind, vi.getTimerCount()]).toEqual(['closed', 0]);
      expect(hub.handshakes).toHaveLength(opened);
      expect(opened).toBe(at === 'connecting' || at === 'waiting' ? 1 : 2);
    },
  );

  it('[D3] sends an invalid cursor too, so that the hub answers with a reset', async () => {
    const hub = new FakeHub({ role: 'vendor', store: 'red' }, `not a cursor ${'x'.repeat(100)}`);
    expect(hub.handshakes[0]).toMatchObject({ after: expect.stringMatching(/^not a cursor x{51}$/) });
    await hub.welcome(2, { reset: 'bad-cursor' });
    expect(hub.heard.reset).toEqual([{ reason: 'bad-cursor' }]);
    await hub.down();
    await vi.advanceTimersByTimeAsync(250);
    expect(hub.handshakes[1]).not.toHaveProperty('after');
  });

  it('may be closed by a listener of the reset', async () => {
    const hub = new FakeHub({ role: 'vendor', store: 'red' }, 'old.5');
    hub.client.on('reset', () => hub.client.close());
    await hub.welcome(2, { epoch: 'new', reset: 'bad-cursor' });
    expect([hub.kind, vi.getTimerCount()]).toEqual(['closed', 0]);
    expect(await hub.client.command(note('a'))).toMatchObject({ ok: false, error: { code: 'unavailable' } });
  });

  it('has no cursor any more when it emits a reset', async () => {
    const hub = new FakeHub({ role: 'vendor', store: 'red' }, 'old.5');
    const cursors: unknown[] = [];
    hub.client.on('reset', () => cursors.push(hub.client.cursor));
    await hub.welcome(2, { epoch: 'new', reset: 'bad-cursor' });
    expect(cursors).toEqual([undefined]);
  });

  it('calls a listener no more once it is removed', async () => {
    const hub = new FakeHub();
    const listener = vi.fn();
    const end = hub.client.on('welcome', listener);
    await hub.welcome();
    end();
    await hub.welcome();
    expect(listener).toHaveBeenCalledTimes(1);
  });
});

describe('a network that goes offline', () => {
  const network = new EventTarget();
  beforeEach(() => {
    vi.stubGlobal('addEventListener', network.addEventListener.bind(network));
    vi.stubGlobal('removeEventListener', network.removeEventListener.bind(network));
  });
  afterEach(() => vi.unstubAllGlobals());

  it('ends the connection half a second after the browser reports it, without waiting for a ping timeout', async () => {
    const hub = new FakeHub();
    await hub.welcome();
    hub.isMute = true;
    network.dispatchEvent(new Event('offline'));
    await vi.advanceTimersByTimeAsync(499);
    expect(hub.kind).toBe('live');
    await vi.advanceTimersByTimeAsync(1);
    expect(hub.kind).toBe('waiting');
  });

  it('keeps the connection to a hub that still answers, such as one on the same machine', async () => {
    const hub = new FakeHub();
    await hub.welcome();
    network.dispatchEvent(new Event('offline'));
    await vi.advanceTimersByTimeAsync(5_000);
    expect([hub.kind, hub.handshakes.length]).toEqual(['live', 1]);
    hub.client.close();
    network.dispatchEvent(new Event('offline'));
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a client that the hub refuses', () => {
  const unauthorized: WireError = { code: 'unauthorized', message: 'No.', retryable: false };
  const unknown = { ok: false, error: { code: 'unavailable', retryable: true } };

  it('answers unsent commands with the refusal, and sent ones, which may be recorded, with `unavailable`', async () => {
    const hub = new FakeHub();
    await hub.welcome();
    const sent = hub.client.command(note('sent'));
    await settle();
    const unsent = hub.client.command(note('waits behind it'));
    await hub.down(unauthorized);
    expect(await sent).toMatchObject(unknown);
    expect(await unsent).toEqual({ ok: false, error: unauthorized });
    expect([hub.client.waiting, hub.heard.outbox?.at(-1)]).toEqual([0, 0]);
  });

  it('answers later commands at once', async () => {
    const hub = new FakeHub();
    await hub.down(unauthorized);
    expect(await hub.client.command(note('late'))).toEqual({ ok: false, error: unauthorized });
    expect(hub.client.waiting).toBe(0);
  });
});
