import { beforeEach, describe, expect, it } from 'vitest';
import { FeedSink, NewsMember, Rooms } from './feed-stream.ts';

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
  const options = { stream, rooms: new Rooms(), after: undefined, showsGone: true, ...more };
  const unread = { unreadMax: () => 1_000, onFull: () => {} };
  return new FeedSink({ shows: () => true, ...unread, ...options });
}
const record = (seq: number): object => ({ seq, event: seq % 2 ? 'pickup' : 'claimed' });
const frame = (prev: number, upTo: number, seqs: number[], gone?: object[]): string =>
  JSON.stringify({ feed: 'board', prev, upTo, records: seqs.map(record), ...(gone ? { gone } : {}) });
const welcome = (head: number, reset?: string): string =>
  JSON.stringify({ epoch: 'e', head, ...(reset ? { reset } : {}) });

/** What was written since the last look, one line for each message. */
async function told(): Promise<string[]> {
  await new Promise((resolve) => setImmediate(resolve));
  const blocks = written.splice(0).join('').split('\n\n').filter(Boolean);
  return blocks.map((block) => block.replace(/id: e\.(\d+)/, '#$1').replace(/data: \{"seq":(\d+).*/, '$1'));
}

/** At the beginning of the log, which has been said. */
async function begun(more: Parameters<typeof sinkOf>[0] = {}): Promise<FeedSink> {
  const sink = sinkOf(more);
  sink.send('welcome', welcome(0));
  await told();
  return sink;
}

describe('a subscription as a stream', () => {
  it('begins at the head, or where its client was, and says so', async () => {
    sinkOf().send('welcome', welcome(7));
    expect(await told()).toEqual(['#7']);
    sinkOf({ after: 'e.3' }).send('welcome', welcome(7));
    expect(await told()).toEqual(['#3']);
    sinkOf({ after: '0' }).send('welcome', welcome(7));
    expect(await told()).toEqual(['#0']);
    sinkOf({ after: 'other.3' }).send('welcome', welcome(7, 'bad-cursor'));
    expect(await told()).toEqual(['reset: {"reason":"bad-cursor"}id: e.7'.replace('id: e.', '#')]);
  });

  it('merges the feeds of one turn in order, each record once', async () => {
    const sink = sinkOf();
    sink.send('welcome', welcome(0));
    sink.send('events', frame(0, 5, [1, 4]));
    sink.send('events', frame(0, 5, [2, 4, 5]));
    expect(await told()).toEqual(['#0', '#1\n1', '#2\n2', '#4\n4', '#5\n5']);
    // Only one feed has news; the other's place moves with it.
    sink.send('events', frame(5, 8, [7]));
    expect(await told()).toEqual(['#7\n7']);
    sink.send('events', frame(5, 9, [7, 9]));
    expect(await told()).toEqual(['#9\n9']);
    sink.send('events', frame(5, 8, [6]));
    expect([await told(), cuts]).toEqual([[], 0]);
  });

  it('is cut off where it has missed something, so that its client comes again', async () => {
    const sink = sinkOf();
    sink.send('welcome', welcome(3));
    sink.send('events', frame(4, 6, [6]));
    expect([await told(), cuts]).toEqual([['#3'], 1]);
  });

  it('tells what is no offer any more before it moves on', async () => {
    const gone = [{ store: 'red', orderID: '1', by: 'Ben' }];
    const sink = await begun();
    sink.send('events', frame(0, 4, [1, 3], gone));
    expect(await told()).toEqual([`event: gone\ndata: ${JSON.stringify(gone)}`, '#1\n1', '#3\n3', '#4']);
    const filtered = await begun({ showsGone: false });
    filtered.send('events', frame(0, 4, [3], gone));
    expect(await told()).toEqual(['#3\n3']);
  });

  it('passes over what is not asked for, and says its place now and then', async () => {
    const sink = await begun({ shows: ({ event }) => event === 'pickup' });
    sink.send('events', frame(0, 4, [2, 3, 4]));
    expect(await told()).toEqual(['#3\n3']);
    sink.beat();
    expect(await told()).toEqual(['#4']);
    sink.beat();
    expect(await told()).toEqual([':']);
    sink.send('events', frame(4, 254, [6]));
    expect(await told()).toEqual(['#254']);
    sink.send('events', frame(254, 256, [256]));
    sink.finish();
    expect(await told()).toEqual(['#256']);
  });

  it('has written a turn’s frames before it says that it waits for nothing', async () => {
    const sink = sinkOf();
    sink.send('events', frame(0, 1, [1]));
    void sink.drained();
    expect(written).toHaveLength(1);
  });

  it('[S2] stops where too much waits to be read, and goes on from there', async () => {
    let full = 0;
    const onFull = () => {
      full += 1;
    };
    const sink = sinkOf({ unreadMax: () => 500, onFull });
    sink.send('welcome', welcome(0));
    queuedSize = 400;
    sink.send('events', frame(0, 9, [1, 2, 3, 4, 5, 6, 7, 8, 9]));
    expect([await told(), full]).toEqual([['#0', '#1\n1', '#2\n2', '#3\n3'], 1]);
    expect(sink.resume()).toBe('e.3');
    queuedSize = 0;
    sink.send('welcome', welcome(9));
    sink.send('events', frame(3, 9, [4, 5, 6, 7, 8, 9]));
    expect([(await told()).slice(0, 2), full, cuts]).toEqual([['#3', '#4\n4'], 1, 0]);
  });

  it('hears its rooms, and no more when it has left them', async () => {
    const rooms = new Rooms();
    const sink = await begun({ rooms });
    sink.join('board');
    rooms.broadcast('board', 'events', frame(0, 1, [1]));
    rooms.broadcast('own:ben', 'events', frame(0, 2, [2]));
    expect(await told()).toEqual(['#1\n1']);
    sink.leave('board');
    rooms.broadcast('board', 'events', frame(1, 3, [3]));
    expect(await told()).toEqual([]);
  });
});

it('[S2] who is told the news and does not read them is cut off', () => {
  const member = new NewsMember(stream, 1024 * 1024);
  member.hear('notice', '[]');
  expect([written, cuts]).toEqual([['notice: []'], 0]);
  queuedSize = 2 * 1024 * 1024;
  member.hear('notice', '[]');
  expect([written.length, cuts]).toEqual([1, 1]);
});
