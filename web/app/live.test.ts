import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  type HandWire,
  handDial,
  recordOfRed,
  restoreBrowser,
  stubBrowser,
} from '../../testkit/stub-browser.ts';
import { forgetKey } from './access-key.ts';
import { Live } from './live.ts';
import { safeLocalStorage } from './safe-storage.ts';

let hub: HandWire;
let live: Live;

beforeEach(() => {
  stubBrowser();
  const { dial, wire } = handDial();
  live = new Live({ role: 'admin' }, undefined, dial);
  hub = wire();
});

afterEach(() => {
  live.close();
  restoreBrowser();
});

const kind = () => live.state.get().badge.kind;

test('shows nothing before it is live, if it starts quickly', async () => {
  expect(kind()).toBe('quiet');
  await vi.advanceTimersByTimeAsync(100);
  hub.welcome();
  await vi.advanceTimersByTimeAsync(100);
  expect(kind()).toBe('live');
  expect(live.state.get().isUp).toBe(true);
});

test('shows “connecting” if it starts slowly', async () => {
  await vi.advanceTimersByTimeAsync(500);
  expect(kind()).toBe('connecting');
});

test('does not show a short interruption', async () => {
  hub.welcome();
  await vi.advanceTimersByTimeAsync(100);
  hub.down();
  await vi.advanceTimersByTimeAsync(200);
  expect(kind()).toBe('live');
  expect(live.state.get().isUp).toBe(false);
  hub.welcome();
  await vi.advanceTimersByTimeAsync(100);
  expect(kind()).toBe('live');
});

test('shows for three seconds after an interruption how many events were caught up', async () => {
  hub.welcome();
  await vi.advanceTimersByTimeAsync(100);
  hub.down();
  await vi.advanceTimersByTimeAsync(600);
  expect(kind()).toBe('reconnecting');
  expect(live.state.get().isLost).toBe(false);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(live.state.get().isLost).toBe(true);
  hub.welcome();
  await vi.advanceTimersByTimeAsync(100);
  expect(live.state.get().badge).toEqual({ kind: 'back', caughtUp: 0 });
  expect(live.state.get().isLost).toBe(false);
  await vi.advanceTimersByTimeAsync(3_100);
  expect(kind()).toBe('live');
});

test('does not count events of the catch-up in the present rate', async () => {
  hub.welcome();
  await vi.advanceTimersByTimeAsync(100);
  hub.down();
  await vi.advanceTimersByTimeAsync(600);
  const record = recordOfRed('a', 1, 'note', 'ready', { role: 'vendor', id: 'red' });
  const missed = Array.from({ length: 400 }, () => record);
  hub.welcome(missed.length);
  hub.events('log', 0, missed);
  await vi.advanceTimersByTimeAsync(3_100);
  expect(live.state.get().badge).toMatchObject({ kind: 'live', perSecond: 0 });
  hub.events('log', missed.length, [record]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(live.state.get().badge).toMatchObject({ kind: 'live', perSecond: expect.closeTo(0.2, 1) });
});

test('shows “offline” without a network', async () => {
  vi.stubGlobal('navigator', { onLine: false });
  hub.down();
  await vi.advanceTimersByTimeAsync(500);
  expect(kind()).toBe('offline');
});

test('shows a refusal in the hub’s words', async () => {
  hub.down({ code: 'unsupported-protocol', message: 'This hub speaks version 2.', retryable: false });
  await vi.advanceTimersByTimeAsync(50);
  expect(live.state.get().badge).toEqual({
    kind: 'refused',
    code: 'unsupported-protocol',
    message: 'This hub speaks version 2.',
  });
});

test('shows “signed out” instead of “refused” if the browser has no key', async () => {
  const refusal = {
    code: 'unauthorized',
    message: 'This needs a valid access key.',
    retryable: false,
  } as const;
  hub.down(refusal);
  await vi.advanceTimersByTimeAsync(50);
  expect(live.state.get().badge).toEqual({ kind: 'signed-out' });
  live.close();

  safeLocalStorage.write('key.admin', 'adm_wrong');
  const { dial, wire } = handDial();
  live = new Live({ role: 'admin' }, undefined, dial);
  wire().down(refusal);
  await vi.advanceTimersByTimeAsync(50);
  expect(kind()).toBe('refused');
  forgetKey('admin');
});

test('shows the hub’s message for an unknown address until the hub accepts it', async () => {
  const words = 'This hub does not know the address http://hub.';
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify({ detail: words }), { status: 403 }));
  hub.down();
  await vi.advanceTimersByTimeAsync(500);
  expect(live.state.get().badge).toEqual({ kind: 'turned-away', message: words });
  hub.welcome();
  await vi.advanceTimersByTimeAsync(100);
  expect(kind()).toBe('live');
});

test.each([
  ['a proxy answers in place of the hub', async () => new Response('<h1>No</h1>', { status: 403 })],
  ['the hub accepts the address', async () => new Response('{"access":"open"}')],
  ['nothing answers', () => Promise.reject(new TypeError('Failed to fetch'))],
])('goes on connecting if %s', async (_, fetch) => {
  vi.stubGlobal('fetch', fetch);
  hub.down();
  await vi.advanceTimersByTimeAsync(500);
  expect(['reconnecting', 'connecting']).toContain(kind());
});
