import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { pageTimers, restoreBrowser, stubBrowser } from '../../../testkit/stub-browser.ts';
import { ImageSender } from './image-sender.ts';
import type { KeptImage } from './image-store.ts';

interface Reply {
  readonly status: number;
  readonly body?: unknown;
}

let kept: Map<string, KeptImage>;
let sender: ImageSender;
let sent: string[];
/** Undefined: no network. */
let reply: Reply | undefined;
const client = { state: { kind: 'live' as const, caughtUp: 0 }, waiting: 0 };
const taken: Reply = { status: 201, body: { hash: 'x' } };
const refusal = (status: number, code: string, more = {}): Reply => ({
  status,
  body: { detail: 'No.', code, ...more },
});

const image = (hash: string, more: Partial<KeptImage> = {}): KeptImage => ({
  ...{ id: hash, owner: 'driver\nana', store: 'red', orderID: `of ${hash}`, kind: 'photo', hash },
  ...{ size: 1, at: 1, isDraft: false },
  ...more,
});

beforeEach(() => {
  stubBrowser();
  sent = [];
  reply = taken;
  client.waiting = 0;
  kept = new Map();
  vi.stubGlobal('localStorage', { getItem: () => null });
  vi.stubGlobal('fetch', async (path: string, { body }: { body: Blob }) => {
    if (!reply) throw new TypeError('Failed to fetch');
    sent.push(`${path.replace(/^.*blobs./, '')} ${body.type}`);
    const { status, body: said } = reply;
    return { ok: status < 300, status, headers: new Headers(), json: async () => said };
  });
  sender = new ImageSender({
    driver: 'ana',
    client,
    timers: pageTimers,
    images: {
      get all() {
        return [...kept.values()];
      },
      bytes: async () => new ArrayBuffer(1),
      remove: async (id) => void kept.delete(id),
    },
    changed: () => {},
  });
});
afterEach(() => {
  sender.close();
  restoreBrowser();
});

const keep = (...images: KeptImage[]) => {
  for (const one of images) kept.set(one.id, one);
};
const after = (ms: number) => vi.advanceTimersByTimeAsync(ms);

it('sends what belongs to a step, one after the other, and forgets it then', async () => {
  keep(image('a'), image('b', { kind: 'signature' }), image('draft', { isDraft: true }));
  sender.sendSoon();
  await after(0);
  expect(sent).toEqual([
    'a?store=red&orderID=of+a&as=driver%3Aana image/jpeg',
    'b?store=red&orderID=of+b&as=driver%3Aana image/png',
  ]);
  expect([...kept.keys()]).toEqual(['draft']);
});

it('waits until every step is recorded: before, the hub may not know that the driver has the parcel', async () => {
  client.waiting = 1;
  keep(image('a'));
  sender.sendSoon();
  await after(0);
  expect(sent).toEqual([]);
  client.waiting = 0;
  sender.sendSoon();
  await after(0);
  expect(sent).toHaveLength(1);
});

it.each<[string, Reply | undefined]>([
  ['there is no network', undefined],
  ['a proxy answers', { status: 502, body: 'Bad gateway' }],
  ['the hub has much to do', refusal(429, 'too-fast')],
  ['the hub does not take the key', refusal(401, 'unauthorized')],
])('keeps it and tries again, ever more rarely, while %s', async (_what, wrong) => {
  reply = wrong;
  keep(image('a'));
  sender.sendSoon();
  await after(0);
  let tries = 0;
  vi.stubGlobal('fetch', async () => {
    tries += 1;
    throw new TypeError('Failed to fetch');
  });
  await after(15_500);
  expect(tries).toBe(4);
  expect(sender.waiting).toHaveLength(1);
});

it('a new connection does not wait for the pause', async () => {
  reply = undefined;
  keep(image('a'));
  sender.sendSoon();
  await after(40_000);
  reply = taken;
  sender.sendSoon(true);
  await after(0);
  expect(kept.size).toBe(0);
});

it('says that the hub has no room, until it has', async () => {
  reply = refusal(503, 'unavailable', { details: { maxBytes: 9 } });
  keep(image('a'));
  sender.sendSoon();
  await after(0);
  expect([sender.isHubFull, sender.waiting.length]).toEqual([true, 1]);
  reply = taken;
  await after(60_000);
  expect([sender.isHubFull, sender.waiting.length]).toEqual([false, 0]);
});

it('an image that the hub will never take holds up no other one, and stays until that was read', async () => {
  reply = refusal(404, 'unknown-parcel');
  keep(image('a'));
  sender.sendSoon();
  await after(0);
  expect(sender.refused).toMatchObject([{ image: { id: 'a' }, error: { code: 'unknown-parcel' } }]);
  reply = taken;
  keep(image('b'));
  sender.sendSoon();
  await after(0);
  expect([...kept.keys()]).toEqual(['a']);
  sender.dismiss('a');
  expect([kept.size, sender.refused.length]).toEqual([0, 0]);
});
