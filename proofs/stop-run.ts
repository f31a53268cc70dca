/** Stops a hub while it has a thousand unanswered commands at three doors. */

import { once } from 'node:events';
import { connect } from 'node:net';
import { io } from 'socket.io-client';
import type { Answer } from '../protocol/messages.ts';
import { readDisk } from '../testkit/ending.ts';
import { startHub } from '../testkit/hub-process.ts';
import { readLines } from '../testkit/tcp-lines.ts';

export interface StopReport {
  readonly exitCode: number;
  readonly stopMs: number;
  readonly acked: number;
  /** Acked commands that are not in the log. */
  readonly lost: number;
  /** Records whose sender got no answer. */
  readonly untold: number;
  /** The WebSocket's close code: 1005 after a clean close, 1006 after a break. */
  readonly goodbye: string;
  /** Commands per door that were neither accepted nor refused. */
  readonly unanswered: Readonly<Record<string, number>>;
}

/** Sends commands for these orders, all at once. */
interface Sender {
  readonly door: string;
  send(ids: readonly string[]): void;
  /** Resolves when no more answers can come. */
  readonly ended: Promise<unknown>;
  close(): void;
}

type OnAnswer = (orderID: string, ok: boolean) => void;
const store = 'red';
const orderOf = (orderID: string) => ({ store, orderID, customer: 'Hulda', address: '835 Meluk Pass' });
const perDoor = 334;
/** Answers per door before the stop. */
const someMin = 20;

export async function stopRun(script: string): Promise<StopReport> {
  await using stack = new AsyncDisposableStack();
  const hub = stack.adopt(await startHub({ script, tcp: true }), (it) => it.dispose());
  const heard = new Map<string, boolean>();
  const accepted = new Map<string, number>();
  const someAccepted = Promise.withResolvers<void>();
  const asked: string[] = [];
  const nextAnswers = new Map<string, () => void>();
  const hasSome = ({ door }: Sender) => (accepted.get(door) ?? 0) >= someMin;
  const ask = ({ door, send }: Sender, count: number) => {
    const ids = Array.from({ length: count }, (_, i) => `${door}-${asked.length + i}`);
    asked.push(...ids);
    send(ids);
  };
  const onAnswer: OnAnswer = (orderID, ok) => {
    heard.set(orderID, ok);
    const door = doors.find((one) => orderID.startsWith(one.door));
    if (door && ok) accepted.set(door.door, (accepted.get(door.door) ?? 0) + 1);
    if (!door) return;
    // A door that has had its answers waits for the others: it would keep the machine from them.
    if (!hasSome(door)) ask(door, 1);
    if (doors.every(hasSome)) someAccepted.resolve();
    nextAnswers.get(door.door)?.();
  };
  const doors = [
    await bySocketIo(hub.url, onAnswer),
    await byTcp(hub.tcpPort, onAnswer),
    byRest(hub.url, onAnswer),
  ];
  for (const { close } of doors) stack.defer(close);
  for (const door of doors) ask(door, perDoor);
  await someAccepted.promise;
  // A thousand are open again, and the hub has begun to answer these.
  const begunTo = doors.map(({ door }) => new Promise<void>((resolve) => nextAnswers.set(door, resolve)));
  for (const one of doors) {
    const open = asked.filter((id) => id.startsWith(one.door) && !heard.has(id)).length;
    ask(one, perDoor - open);
  }
  await Promise.all(begunTo);
  const begun = performance.now();
  const exitCode = await hub.stop();
  const stopMs = performance.now() - begun;
  const [goodbye] = await Promise.all(doors.map(({ ended }) => ended));

  const { log } = await readDisk(hub.data);
  const stored = new Set(log.map(({ payload }) => payload.orderID));
  const acked = [...heard].filter(([, ok]) => ok).map(([id]) => id);
  const unheard = asked.filter((id) => !heard.has(id));
  const unanswered = doors.map(({ door }) => [door, unheard.filter((id) => id.startsWith(door)).length]);
  return {
    exitCode,
    stopMs,
    acked: acked.length,
    lost: acked.filter((id) => !stored.has(id)).length,
    untold: [...stored].filter((id) => !heard.get(id)).length,
    goodbye: String(goodbye),
    unanswered: Object.fromEntries(unanswered),
  };
}

async function bySocketIo(url: string, onAnswer: OnAnswer): Promise<Sender> {
  const auth = { protocol: 1, role: 'vendor', store };
  const socket = io(`${url}/caps`, { auth, transports: ['websocket'], reconnection: false });
  await new Promise<void>((resolve) => socket.once('welcome', () => resolve()));
  const ended = new Promise((resolve) => {
    socket.once('disconnect', (reason, more) => resolve(`${reason} ${codeIn(more)}`));
  });
  return {
    door: 'socket.io',
    ended,
    send(ids) {
      for (const id of ids) {
        socket.emit('commands', [{ event: 'pickup', payload: orderOf(id), id }], ([answer]: Answer[]) =>
          onAnswer(id, answer?.ok ?? false),
        );
      }
    },
    close: () => socket.close(),
  };
}

/** The WebSocket's close code. */
function codeIn(more: unknown): unknown {
  const { context } = (more ?? {}) as { context?: { code?: unknown } };
  return context?.code;
}

async function byTcp(port: number, onAnswer: OnAnswer): Promise<Sender> {
  const socket = connect({ port, host: '127.0.0.1' });
  const ended = new Promise((resolve) => socket.once('close', resolve));
  await once(socket, 'connect');
  const asked: string[] = [];
  const welcome = Promise.withResolvers<void>();
  readLines(socket, (line) => {
    const { event, payload } = JSON.parse(line) as { event: string; payload: Answer };
    if (event === 'welcome') welcome.resolve();
    // Answers arrive in the order of the commands.
    const id = event === 'answer' || event === 'error' ? asked.shift() : undefined;
    if (id !== undefined) onAnswer(id, event === 'answer' && payload.ok);
  });
  socket.write(`${JSON.stringify({ event: 'hello', payload: { protocol: 1, role: 'vendor', store } })}\n`);
  await welcome.promise;
  return {
    door: 'tcp',
    ended,
    send(ids) {
      asked.push(...ids);
      for (const id of ids) {
        socket.write(`${JSON.stringify({ event: 'pickup', payload: orderOf(id), id })}\n`);
      }
    },
    close: () => socket.destroy(),
  };
}

function byRest(url: string, onAnswer: OnAnswer): Sender {
  const sent = new Set<Promise<void>>();
  const headers = { 'content-type': 'application/json' };
  async function place(id: string): Promise<void> {
    const body = JSON.stringify(orderOf(id));
    // Refused or cut off: the log shows whether the hub recorded it.
    const answer = await fetch(`${url}/api/orders`, { method: 'POST', headers, body }).catch(() => undefined);
    await answer?.arrayBuffer().catch(() => {});
    if (answer) onAnswer(id, answer.ok);
  }
  return {
    door: 'rest',
    get ended() {
      return Promise.all(sent);
    },
    send(ids) {
      for (const id of ids) {
        const one = place(id).finally(() => sent.delete(one));
        sent.add(one);
      }
    },
    close() {},
  };
}
