import { beforeEach, describe, expect, it } from 'vitest';
import type { Events, Welcome } from '../../../protocol/messages.ts';
import type { UnnumberedRecord } from '../../../protocol/parcel.ts';
import { EventsMessage, type Message } from '../../hub/message.ts';
import { Row, storedText } from '../../store/row.ts';
import { FeedSink, NewsMember } from './feed-stream.ts';

let written: string[];
let cuts: number;
let queuedSize: number;
const stream = {
  write: (text: string) => void written.push(text),
  say: (name: string | undefined, json: string) => void written.push(`${name}: ${json}`),
  drained: async () => {},
  cut: () => {
    cuts += 1;
  },
  queued: 0,
  get queuedSize() {
    return queuedSize;
  },
};
beforeEach(() => {
  written = [];
  cuts = 0;
  queuedSize = 0;
});

function sinkOf(more: Partial<ConstructorParameters<typeof FeedSink>[0]> = {}): FeedSink {
  const options = { stream, after: undefined, showsGone: true, shows: undefined, ...more };
  return new FeedSink({ unreadMax: () => 10_000, onFull: () => {}, ...options });
}
function rowOf(seq: number): Row {
  const place = { store: 'red', orderID: `${seq}`, rev: 1 };
  const record: UnnumberedRecord = {
    ...{ event: seq % 2 ? 'pickup' : 'claimed', status: 'ready', via: 'rest', rev: 1 },
    ...{ time: '2026-11-20T18:03:11.246Z', by: { role: 'admin', id: 'x' } },
    payload: { store: 'red', orderID: `${seq}`, customer: 'Hulda', address: 'Elm' },
  };
  return new Row({ ...place, seq, storeSeq: seq, board: 'on', drivers: [], text: storedText(record) });
}
type GoneParcels = NonNullable<Events['gone']>;
const frame = (prev: number, upTo: number, seqs: number[], gone: GoneParcels = []): Message =>
  new EventsMessage({ feed: 'board', prev, upTo, rows: seqs.map(rowOf), gone, damaged: [] });
function welcome(head: number, reset?: 'bad-cursor'): Message {
  const said = { protocol: 1, time: '', actor: { role: 'admin', id: 'x' } } as const;
  const content: Welcome = { ...said, epoch: 'e', head, ...(reset ? { reset } : {}) };
  return { name: 'welcome', json: JSON.stringify(content), welcome: content };
}

/** What was written since the last look, one line for each message. */
async function told(): Promise<string[]> {
  await new Promise((resolve) => setImmediate(resolve));
  const blocks = written.splice(0).join('').split('\n\n').filter(Boolean);
  return blocks.map((block) => block.replace(/id: e\.(\d+)/, '#$1').replace(/data: \{"seq":(\d+).*/, '$1'));
}

/** At the beginning of the log, which has been said. */
async function begun(more: Parameters<typeof sinkOf>[0] = {}): Promise<FeedSink> {
  const sink = sinkOf(more);
  sink.send(welcome(0));
  await told();
  return sink;
}

describe('a subscription as a stream', () => {
  it('begins at the head, or where its client was, and says so', async () => {
    sinkOf().send(welcome(7));
    expect(await told()).toEqual(['#7']);
    sinkOf({ after: 'e.3' }).send(welcome(7));
    expect(await told()).toEqual(['#3']);
    sinkOf({ after: '0' }).send(welcome(7));
    expect(await told()).toEqual(['#0']);
    sinkOf({ after: 'other.3' }).send(welcome(7, 'bad-cursor'));
    expect(await told()).toEqual(['reset: {"reason":"bad-cursor"}id: e.7'.replace('id: e.', '#')]);
  });

  it('merges the feeds of one turn in order, each record once', async () => {
    const sink = sinkOf();
    sink.send(welcome(0));
    sink.send(frame(0, 5, [1, 4]));
    sink.send(frame(0, 5, [2, 4, 5]));
    expect(await told()).toEqual(['#0', '#1\n1', '#2\n2', '#4\n4', '#5\n5']);
    // Only one feed has news; the other's place moves with it.
    sink.send(frame(5, 8, [7]));
    expect(await told()).toEqual(['#7\n7']);
    sink.send(frame(5, 9, [7, 9]));
    expect(await told()).toEqual(['#9\n9']);
    sink.send(frame(5, 8, [6]));
    expect([await told(), cuts]).toEqual([[], 0]);
  });

  it('is cut off where it has missed something, so that its client comes again', async () => {
    const sink = sinkOf();
    sink.send(welcome(3));
    sink.send(frame(4, 6, [6]));
    expect([await told(), cuts]).toEqual([['#3'], 1]);
  });

  it('tells what is no offer any more before it moves on', async () => {
    const gone = [{ store: 'red', orderID: '1', by: 'Ben' }];
    const sink = await begun();
    sink.send(frame(0, 4, [1, 3], gone));
    expect(await told()).toEqual([`event: gone\ndata: ${JSON.stringify(gone)}`, '#1\n1', '#3\n3', '#4']);
    const filtered = await begun({ showsGone: false });
    filtered.send(frame(0, 4, [3], gone));
    expect(await told()).toEqual(['#3\n3']);
  });

  it('passes over what is not asked for, and says its place now and then', async () => {
    const sink = await begun({ shows: ({ event }) => event === 'pickup' });
    sink.send(frame(0, 4, [2, 3, 4]));
    expect(await told()).toEqual(['#3\n3']);
    sink.beat();
    expect(await told()).toEqual(['#4']);
    sink.beat();
    expect(await told()).toEqual([':']);
    sink.send(frame(4, 254, [6]));
    expect(await told()).toEqual(['#254']);
    sink.send(frame(254, 256, [256]));
    sink.finish();
    expect(await told()).toEqual(['#256']);
  });

  it('has written a turn’s frames before it says that it waits for nothing', async () => {
    const sink = sinkOf();
    sink.send(frame(0, 1, [1]));
    void sink.drained();
    expect(written).toHaveLength(1);
  });

  it('[S2] stops where too much waits to be read, and goes on from there', async () => {
    let full = 0;
    const onFull = () => {
      full += 1;
    };
    const sink = sinkOf({ unreadMax: () => 2_000, onFull });
    sink.send(welcome(0));
    queuedSize = 1_400;
    sink.send(frame(0, 9, [1, 2, 3, 4, 5, 6, 7, 8, 9]));
    expect([await told(), full]).toEqual([['#0', '#1\n1', '#2\n2', '#3\n3'], 1]);
    expect(sink.resume()).toBe('e.3');
    queuedSize = 0;
    sink.send(welcome(9));
    sink.send(frame(3, 9, [4, 5, 6, 7, 8, 9]));
    expect([(await told()).slice(0, 2), full, cuts]).toEqual([['#3', '#4\n4'], 1, 0]);
  });
});

it('[S2] who is told the news and does not read them is cut off', () => {
  const member = new NewsMember(stream, 1024 * 1024);
  member.send({ name: 'notice', json: '[]' });
  expect([written, cuts]).toEqual([['notice: []'], 0]);
  queuedSize = 2 * 1024 * 1024;
  member.send({ name: 'notice', json: '[]' });
  expect([written.length, cuts]).toEqual([1, 1]);
});
