/**
 * Live state between hubs, in tables that are not part of the log. Each hub writes its own rows, numbered by itself, and
 * reads those of the others that are new, twice a second. Of what somebody waits for, a hub rings, and the others read
 * it at once. A hub that has not been seen for a while has ended.
 */

import type { ClientConfig } from 'pg';
import type { PeerListener, Peers, Topic } from '../peers.ts';
import { type Connection, LastingConnection, type Statement } from './connection.ts';
import { leaseMs } from './schema.ts';

const beatMs = 500;
/** The channel of rings; a ring names the hub that has written. */
const channel = 'caps_peers';
/** What somebody waits for. */
const urgentTopics: ReadonlySet<Topic> = new Set(['device-command', 'device-answer']);
/** Removed rows stay until every hub has read them. */
const removedMs = 60_000;
/** Rows of one write, all with one version, and of one read, which holds several of them. */
const writtenMax = 1_000;
const rowsMax = 5_000;

interface HubRow {
  readonly id: string;
  readonly generation: number;
  readonly version: number;
  readonly age_ms: number;
}

interface EntryRow {
  readonly topic: Topic;
  readonly id: string;
  readonly text: string | null;
  readonly version: number;
}

interface OtherHub {
  generation: number;
  version: number;
  /** By topic and id. */
  readonly entries: Map<string, EntryRow>;
}

export class PostgresPeers implements Peers {
  readonly hub: string;
  readonly #connection: LastingConnection;
  readonly #settings: string;
  readonly #listeners = new Map<Topic, PeerListener>();
  /** What this hub has put, by topic and id. */
  readonly #own = new Map<string, { readonly topic: Topic; readonly id: string; readonly text: string }>();
  /** Not written yet: own rows, and removed ones. */
  readonly #changed = new Map<string, { readonly topic: Topic; readonly id: string }>();
  readonly #others = new Map<string, OtherHub>();
  /** Counts the rows of a generation; a new one begins whenever rows may have been lost. */
  #version = 0;
  #generation = 0;
  /** The version at the last cleaning: what was removed up to it, all have read. */
  #cleanVersion = 0;
  #cleanedAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;
  /** The next beat does not wait. */
  #isUrgent = false;
  #isBeating = false;
  #beating: Promise<void> = Promise.resolve();

  /** @param settings see `register`, which has entered this hub */
  constructor(config: ClientConfig, hub: string, settings: string) {
    this.hub = hub;
    this.#settings = settings;
    this.#connection = new LastingConnection(config, async (connection, client) => {
      client.on('notification', ({ payload }) => {
        if (payload !== this.hub) this.#hurry();
      });
      // It is live state: no sync. So a ring, too, holds no lock of the server over one.
      await connection.script(`SET synchronous_commit = off; LISTEN ${channel}`);
      this.#generation = Date.now();
      this.#version = 0;
      for (const [key, { topic, id }] of this.#own) this.#changed.set(key, { topic, id });
      await connection.run('DELETE FROM entries WHERE hub = $1', [this.hub]);
    });
    this.#schedule(0);
  }

  put(topic: Topic, id: string, text: string): void {
    const key = keyOf(topic, id);
    if (this.#own.get(key)?.text === text) return;
    this.#own.set(key, { topic, id, text });
    this.#changed.set(key, { topic, id });
    if (urgentTopics.has(topic)) this.#hurry();
  }

  remove(topic: Topic, id: string): void {
    const key = keyOf(topic, id);
    if (this.#own.delete(key)) this.#changed.set(key, { topic, id });
  }

  listen(topic: Topic, listener: PeerListener): void {
    this.#listeners.set(topic, listener);
    for (const { entries } of this.#others.values()) {
      for (const { topic: of, id, text } of entries.values()) {
        if (of === topic && text !== null) listener.put(id, text);
      }
    }
  }

  #schedule(ms: number): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#isUrgent = false;
      this.#isBeating = true;
      this.#beating = this.#beat().finally(() => {
        this.#isBeating = false;
        this.#schedule(this.#isUrgent ? 0 : beatMs);
      });
    }, ms);
  }

  /** Beats at once, or again after the beat that is under way. */
  #hurry(): void {
    if (this.#isUrgent) return;
    this.#isUrgent = true;
    if (this.#isBeating) return;
    clearTimeout(this.#timer);
    this.#schedule(0);
  }

  async #beat(): Promise<void> {
    try {
      const connection = await this.#connection.get();
      const written = [...this.#changed].slice(0, writtenMax);
      if (written.length > 0) this.#version += 1;
      const answers = await connection.all([
        ...(written.length > 0 ? [this.#writeStatement(written.map(([, change]) => change))] : []),
        {
          text: `INSERT INTO hubs VALUES ($1, clock_timestamp(), $2, $3, $4) ON CONFLICT (id) DO UPDATE
                 SET seen_at = clock_timestamp(), generation = $2, version = $3`,
          values: [this.hub, this.#generation, this.#version, this.#settings],
        },
        // After the version that it tells of.
        ...(written.some(([key, { topic }]) => urgentTopics.has(topic) && this.#own.has(key))
          ? [{ text: 'SELECT pg_notify($1, $2)', values: [channel, this.hub] }]
          : []),
        {
          text: `SELECT id, generation, version, (extract(epoch FROM clock_timestamp() - seen_at) * 1000)::float8 AS age_ms
                 FROM hubs WHERE id <> $1`,
          values: [this.hub],
        },
      ]);
      // What was put meanwhile is written next time.
      for (const [key, change] of written) if (this.#changed.get(key) === change) this.#changed.delete(key);
      await this.#hear(connection, (answers.at(-1) ?? []) as HubRow[]);
      await this.#clean(connection);
    } catch {
      // The database is away, which commits and reads report. Everything is told again when it is back.
      this.#connection.drop();
    }
  }

  #writeStatement(changes: readonly { readonly topic: Topic; readonly id: string }[]): Statement {
    return {
      text: `INSERT INTO entries (hub, topic, id, text, version)
             SELECT $1, topic, id, text, $5 FROM unnest($2::text[], $3::text[], $4::text[]) AS new (topic, id, text)
             ON CONFLICT (hub, topic, id) DO UPDATE SET text = excluded.text, version = excluded.version`,
      values: [
        this.hub,
        changes.map(({ topic }) => topic),
        changes.map(({ id }) => id),
        changes.map(({ topic, id }) => this.#own.get(keyOf(topic, id))?.text ?? null),
        this.#version,
      ],
    };
  }

  async #hear(connection: Connection, hubs: readonly HubRow[]): Promise<void> {
    const live = hubs.filter(({ age_ms }) => age_ms < leaseMs);
    for (const [id, { entries }] of this.#others) {
      if (live.some((hub) => hub.id === id)) continue;
      this.#others.delete(id);
      for (const entry of entries.values()) this.#tellRemoved(entry);
    }
    for (const hub of live) await this.#read(connection, hub);
  }

  async #read(connection: Connection, { id, generation, version }: HubRow): Promise<void> {
    const known = this.#others.get(id) ?? { generation, version: 0, entries: new Map<string, EntryRow>() };
    this.#others.set(id, known);
    const isNew = known.generation !== generation;
    if (!isNew && known.version >= version) return;
    const rows = await rowsSince(connection, id, isNew ? 0 : known.version, version);
    if (isNew) {
      const there = new Set(rows.map((row) => keyOf(row.topic, row.id)));
      for (const [key, entry] of known.entries) {
        if (there.has(key)) continue;
        known.entries.delete(key);
        this.#tellRemoved(entry);
      }
    }
    for (const row of rows) this.#take(known, row);
    known.generation = generation;
    known.version = version;
  }

  #take({ entries }: OtherHub, row: EntryRow): void {
    const key = keyOf(row.topic, row.id);
    const before = entries.get(key);
    if (row.text === null) {
      entries.delete(key);
      if (before) this.#tellRemoved(before);
      return;
    }
    entries.set(key, row);
    if (before?.text !== row.text) this.#listeners.get(row.topic)?.put(row.id, row.text);
  }

  #tellRemoved({ topic, id }: EntryRow): void {
    this.#listeners.get(topic)?.removed(id);
  }

  /** Forgets rows that were removed long ago, and hubs that ended long ago. */
  async #clean(connection: Connection): Promise<void> {
    const now = performance.now();
    if (now - this.#cleanedAt < removedMs) return;
    const before = this.#version;
    if (this.#cleanedAt > 0) {
      const ended = `SELECT id FROM hubs WHERE seen_at < clock_timestamp() - interval '${removedMs} milliseconds'`;
      await connection.all([
        {
          text: 'DELETE FROM entries WHERE hub = $1 AND text IS NULL AND version <= $2',
          values: [this.hub, this.#cleanVersion],
        },
        { text: `DELETE FROM refusals WHERE at < clock_timestamp() - interval '1 minute'` },
        { text: `DELETE FROM entries WHERE hub IN (${ended})` },
        { text: `DELETE FROM hubs WHERE id IN (${ended})` },
      ]);
    }
    this.#cleanVersion = before;
    this.#cleanedAt = now;
  }

  /** Says goodbye: other hubs forget this one at once. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#beating;
    try {
      const connection = await this.#connection.get();
      await connection.all([
        { text: 'DELETE FROM hubs WHERE id = $1', values: [this.hub] },
        { text: 'DELETE FROM entries WHERE hub = $1', values: [this.hub] },
      ]);
    } catch {
      // They forget it a moment later.
    }
    await this.#connection.close();
  }
}

/** The rows of a hub after one version and up to another, read in pages. */
async function rowsSince(
  connection: Connection,
  hub: string,
  after: number,
  upTo: number,
): Promise<readonly EntryRow[]> {
  const all: EntryRow[] = [];
  for (let from = after; ; ) {
    const rows = await connection.run<EntryRow>(
      `SELECT topic, id, text, version FROM entries WHERE hub = $1 AND version > $2 AND version <= $3
       ORDER BY version, topic, id LIMIT ${rowsMax}`,
      [hub, from, upTo],
    );
    const last = rows.at(-1)?.version ?? 0;
    if (rows.length < rowsMax) return [...all, ...rows];
    // The last version may go on: the next page has all of it.
    all.push(...rows.filter((row) => row.version < last));
    from = last - 1;
  }
}

function keyOf(topic: Topic, id: string): string {
  return `${topic}\n${id}`;
}
