import { rmSync } from 'node:fs';
import type { Command, FeedName } from '../protocol/messages.ts';
import { type Actor, authorOf } from '../protocol/parcel.ts';
import { viewOf } from '../server/access/access.ts';
import { decideBatch, type Job, lookupOf } from '../server/hub/commit.ts';
import { Feeds, feedLimits } from '../server/hub/feed.ts';
import type { Subscriber } from '../server/hub/subscriber.ts';
import type { Row } from '../server/store/row.ts';
import { openSqliteStore } from '../server/store/sqlite/sqlite.ts';
import { SimulatedClock } from './simulation/clock.ts';
import { memoryFolder } from './simulation/disk.ts';
import { SimulatedReader } from './simulation/reader.ts';
import { SimulatedStore } from './simulation/store.ts';

/** The feeds alone, on a simulated clock and a real log. */
export class FeedHarness {
  readonly clock = new SimulatedClock();
  readonly #readers: SimulatedReader[] = [];
  readonly rows: Row[] = [];
  readonly faults: unknown[] = [];
  readonly store: SimulatedStore;
  readonly feeds: Feeds;
  readonly close: () => Promise<void>;

  constructor({ delayMs, limits = feedLimits }: { delayMs?: () => number; limits?: typeof feedLimits } = {}) {
    const folder = memoryFolder();
    const log = openSqliteStore(folder);
    this.store = new SimulatedStore(log, this.clock, delayMs);
    const onFault = (error: unknown) => void this.faults.push(error);
    this.feeds = new Feeds({ store: this.store, clock: this.clock, head: 0, ready: 0, onFault, limits });
    this.close = async () => {
      this.feeds.close();
      await log.close();
      rmSync(folder, { recursive: true });
    };
  }

  /** One commit, published. */
  async write(actor: Actor, ...commands: Command[]): Promise<void> {
    const by = authorOf(actor);
    const base = { actor, by, sender: `${by.role}:${by.id}`, door: 'hub', settle: () => {} } as const;
    const jobs: Job[] = commands.map((command) => ({ ...base, command }));
    const { rows, result } = await this.store.commit(lookupOf(jobs), (found) =>
      decideBatch(jobs, found, {
        now: this.clock.now(),
        rejections: { of: () => undefined },
        onFault: (error) => {
          throw error;
        },
      }),
    );
    const refused = result.find(({ kind }) => kind === 'refused');
    if (refused) throw new Error(`refused: ${JSON.stringify(refused)}`);
    this.rows.push(...rows);
    this.feeds.publish(rows);
  }

  read(actor: Actor, after: number): SimulatedReader & { subscriber: Subscriber } {
    const view = viewOf(actor);
    const reader = new SimulatedReader(
      view.feeds.map(({ name }) => name),
      after,
    );
    this.#readers.push(reader);
    return Object.assign(reader, { subscriber: this.feeds.subscribe(view, after, reader, reader.onLag) });
  }

  /** Of which feed each frame was, however many readers got it. */
  get frames(): FeedName[] {
    const all = new Set(this.#readers.flatMap(({ messages }) => messages));
    return [...all].flatMap((message) => (message.name === 'events' ? [message.frame.feed] : []));
  }
}
