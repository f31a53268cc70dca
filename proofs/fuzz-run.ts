/** One run of the proof that no input ends the process: malformed input at every door, with a good client beside it. */

import { setTimeout as pause } from 'node:timers/promises';
import { type Client, connect } from '../client/client.ts';
import { type Chance, seeded } from '../testkit/chance.ts';
import { orAfter } from '../testkit/ending.ts';
import { type HubOptions, type HubProcess, startHub } from '../testkit/hub-process.ts';
import { type FuzzDoor, fuzzDoors, type Line, type Sender, senders } from './fuzz-doors.ts';

export interface FuzzOptions {
  readonly seed: number;
  /** Per door. */
  readonly inputs: number;
  readonly doors?: readonly FuzzDoor[];
  /** A good client without an answer by then counts as unanswered. */
  readonly goodMaxMs?: number;
  readonly hub?: HubOptions;
}

export interface FuzzReport {
  /** Per door, without inputs behind one that ended its connection. */
  readonly handled: Readonly<Partial<Record<FuzzDoor, number>>>;
  /** Connections that the hub ended. */
  readonly ended: number;
  /** The same process runs at the end. */
  readonly isSame: boolean;
  /** The hub's messages about its own faults. */
  readonly logged: string;
  /** Answers with `internal`. */
  readonly internals: number;
  /** Number of answers to good clients, one per batch, and the longest wait. */
  readonly good: number;
  readonly goodMs: number;
}

/** One in so many messages is sent byte by byte. */
const drippedOneIn = 40;

export async function fuzzRun(options: FuzzOptions): Promise<FuzzReport> {
  const { seed, inputs, doors = fuzzDoors, goodMaxMs = 20_000 } = options;
  await using stack = new AsyncDisposableStack();
  const hub = stack.adopt(await startHub({ ...options.hub, tcp: true }), (it) => it.dispose());
  const { pid } = hub;
  const good = new GoodClient(hub, goodMaxMs);
  stack.defer(() => good.close());
  const run = new Run(hub, good);
  // All doors at once, because each waits most of the time.
  const counts = doors.map(
    async (door, i) => [door, await run.at(senders[door], inputs, seeded(seed + i))] as const,
  );
  const handled: FuzzReport['handled'] = Object.fromEntries(await Promise.all(counts));
  await good.ask();
  const { ended, internals } = run;
  const isSame = hub.isRunning && hub.pid === pid;
  return {
    handled,
    ended,
    isSame,
    logged: hub.logged,
    internals,
    good: good.answered,
    goodMs: Math.round(good.longestMs),
  };
}

class Run {
  ended = 0;
  internals = 0;
  readonly #hub: HubProcess;
  readonly #good: GoodClient;

  constructor(hub: HubProcess, good: GoodClient) {
    this.#hub = hub;
    this.#good = good;
  }

  /** @returns the number of handled inputs */
  async at(sender: Sender, inputs: number, chance: Chance): Promise<number> {
    let line: Line | undefined;
    let handled = 0;
    while (handled < inputs && this.#hub.isRunning) {
      // A hub that has just died refuses connections; `isSame` shows that.
      line ??= await sender.open(this.#hub, (text) => this.#hear(text)).catch(() => undefined);
      if (!line) {
        await pause(50);
        continue;
      }
      handled += sendLot(line, sender, Math.min(sender.lotMax, inputs - handled), chance);
      const [lives] = await Promise.all([line.handled(), this.#good.ask()]);
      if (lives) continue;
      line.close();
      line = undefined;
      this.ended += 1;
    }
    line?.close();
    return handled;
  }

  #hear(text: string): void {
    if (text.includes('"code":"internal"')) this.internals += 1;
  }
}

/** @returns the number of sent inputs: the batch ends with the first one that may end the connection */
function sendLot(line: Line, sender: Sender, count: number, chance: Chance): number {
  for (let sent = 1; sent <= count; sent += 1) {
    const { bytes, mayEnd } = sender.make(chance);
    const isDripped =
      sender !== senders['socket.io'] && bytes.length < 400 && chance.int(1, drippedOneIn) === 1;
    if (isDripped) for (const byte of bytes) line.send(Buffer.from([byte]));
    else line.send(bytes);
    if (mayEnd) return sent;
  }
  return count;
}

/** A client with valid commands on its own connection. */
class GoodClient {
  answered = 0;
  longestMs = 0;
  readonly #client: Client;
  readonly #patienceMs: number;
  #count = 0;

  constructor({ url }: HubProcess, patienceMs: number) {
    this.#patienceMs = patienceMs;
    this.#client = connect({ url, identity: { role: 'vendor', store: 'good' } });
  }

  async ask(): Promise<void> {
    const start = performance.now();
    this.#count += 1;
    const payload = {
      store: 'good',
      orderID: String(this.#count),
      customer: 'Hulda',
      address: '1 Long Road',
    };
    const answer = this.#client.command({ event: 'pickup', payload }).then(({ ok }) => {
      if (ok) this.answered += 1;
    });
    await orAfter(this.#patienceMs, answer);
    this.longestMs = Math.max(this.longestMs, performance.now() - start);
  }

  close(): void {
    this.#client.close();
  }
}
