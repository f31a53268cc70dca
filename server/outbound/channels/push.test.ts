/** Web push, as a browser decrypts it: RFC 8188 and 8291 are written out here, apart from the library that encrypts. */

import {
  createDecipheriv,
  createECDH,
  createPublicKey,
  type ECDH,
  hkdfSync,
  randomBytes,
  verify,
} from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { sampleMessage } from '../../../testkit/sample-message.ts';
import { messageKinds } from '../texts/message.ts';
import { parseTemplate } from '../texts/template.ts';
import type { Answer, Call } from './post.ts';
import { createPush, type PushAddressee, type PushSettings } from './push.ts';
import { generateVapidKeys, parseVapidKeys, serializeVapidKeys } from './vapid.ts';

const running = new AbortController().signal;
const keys = generateVapidKeys();

/** A browser with a subscription. */
class Browser {
  readonly #pair: ECDH = createECDH('prime256v1');
  readonly #auth = randomBytes(16);
  readonly subscription: PushAddressee;

  constructor(endpoint = 'https://push.example/send/abc?x=1') {
    const p256dh = this.#pair.generateKeys().toString('base64url');
    this.subscription = { endpoint, keys: { p256dh, auth: this.#auth.toString('base64url') } };
  }

  /** RFC 8291, 3.4, and RFC 8188, 2: one record of `aes128gcm`. */
  decrypt(body: Uint8Array): string {
    const bytes = Buffer.from(body);
    const salt = bytes.subarray(0, 16);
    const sender = bytes.subarray(21, 21 + (bytes[20] ?? 0));
    const sealed = bytes.subarray(21 + sender.length);
    expect(bytes.readUInt32BE(16)).toBeGreaterThanOrEqual(sealed.length);
    const shared = this.#pair.computeSecret(sender);
    const about = Buffer.concat([Buffer.from('WebPush: info\0'), this.#pair.getPublicKey(), sender]);
    const derive = (secret: Uint8Array, with_: Uint8Array, info: Uint8Array | string, length: number) =>
      Buffer.from(hkdfSync('sha256', secret, with_, info, length));
    const material = derive(shared, this.#auth, about, 32);
    const key = derive(material, salt, 'Content-Encoding: aes128gcm\0', 16);
    const nonce = derive(material, salt, 'Content-Encoding: nonce\0', 12);
    const decipher = createDecipheriv('aes-128-gcm', key, nonce);
    decipher.setAuthTag(sealed.subarray(-16));
    const plain = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
    // A delimiter of 2 ends the last record.
    expect(plain.at(-1)).toBe(2);
    return plain.subarray(0, -1).toString();
  }
}

/** A push service that gives one answer. */
function pushService(answer: Answer | Error = { status: 201 }, more: Partial<PushSettings> = {}) {
  const calls: Call[] = [];
  const push = createPush({
    ...{ keys, contact: 'mailto:hub@caps.example' },
    mayCall: () => true,
    post: async (call) => {
      calls.push(call);
      if (answer instanceof Error) throw answer;
      return answer;
    },
    ...more,
  });
  return { calls, push };
}

it('a browser reads it, and nobody else', async () => {
  const browser = new Browser();
  const { calls, push } = pushService();
  const receipt = await push.send(sampleMessage('next', 'ar'), browser.subscription, running);
  expect(receipt).toEqual({ outcome: 'sent', reason: 'accepted' });
  const [call] = calls;
  if (call === undefined || typeof call.body === 'string') throw new Error('nothing was sent');
  expect(call.url).toBe(browser.subscription.endpoint);
  expect(JSON.parse(browser.decrypt(call.body))).toEqual({
    title: 'دورك هو التالي: الطلب \u20681042\u2069 من \u2068Red Roses\u2069',
    body: 'عنوانك هو محطة السائق التالية.',
    url: 'https://caps.example/track/trk_abc',
    tag: expect.stringMatching(/^[\w-]{32}$/),
    ...{ lang: 'ar', dir: 'rtl' },
  });
  expect(Buffer.from(call.body).includes('caps.example')).toBe(false);
  expect(() => new Browser().decrypt(new Uint8Array(Buffer.from(call.body)))).toThrow();
});

it('the push service is told how long it matters, how much, and what it replaces', async () => {
  const { subscription } = new Browser();
  const { calls, push } = pushService();
  await push.send(sampleMessage('next'), subscription, running);
  await push.send(sampleMessage('delivered'), subscription, running);
  await push.send(sampleMessage('announced', 'en', { parcel: 'red/1043' }), subscription, running);
  const [next, delivered, other] = calls.map(({ headers }) => headers);
  expect(next).toMatchObject({ TTL: '3600', Urgency: 'high', 'Content-Encoding': 'aes128gcm' });
  expect(delivered).toMatchObject({ TTL: '259200', Topic: next?.['Topic'] });
  expect(other).toMatchObject({ Urgency: 'normal' });
  expect(next?.['Topic']).toMatch(/^[\w-]{32}$/);
  expect(other?.['Topic']).not.toBe(next?.['Topic']);
});

it('the hub signs with its own key, for that push service alone', async () => {
  const { calls, push } = pushService();
  await push.send(sampleMessage('late'), new Browser('https://push.example:8443/x').subscription, running);
  const [, token = '', key] =
    /^vapid t=([^,]+), k=(.+)$/.exec(calls[0]?.headers['Authorization'] ?? '') ?? [];
  expect(key).toBe(keys.publicKey);
  const [head = '', claims = '', signature = ''] = token.split('.');
  const point = Buffer.from(keys.publicKey, 'base64url');
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) => part.toString('base64url'));
  const jwk = { kty: 'EC', crv: 'P-256', x: String(x), y: String(y) };
  const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
  const signed = Buffer.from(`${head}.${claims}`);
  const bytes = Buffer.from(signature, 'base64url');
  expect(verify('sha256', signed, { key: publicKey, dsaEncoding: 'ieee-p1363' }, bytes)).toBe(true);
  const said = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>;
  expect(said).toMatchObject({ aud: 'https://push.example:8443', sub: 'mailto:hub@caps.example' });
  expect(Number(said['exp']) - Date.now() / 1_000).toBeLessThan(86_400);
});

describe('the answer decides:', () => {
  it.each([
    [{ status: 404 }, { outcome: 'gone', reason: 'expired' }],
    [{ status: 410 }, { outcome: 'gone', reason: 'expired' }],
    [{ status: 400 }, { outcome: 'refused', reason: 'rejected' }],
    [{ status: 403 }, { outcome: 'refused', reason: 'credentials' }],
    [{ status: 413 }, { outcome: 'refused', reason: 'too-large' }],
    [{ status: 307 }, { outcome: 'refused', reason: 'forbidden-address' }],
    [{ status: 429 }, { outcome: 'later', reason: 'too-many' }],
    [
      { status: 429, retryAfterMs: 120_000 },
      { outcome: 'later', reason: 'too-many', retryAfterMs: 120_000 },
    ],
    [
      { status: 503, retryAfterMs: 1e9 },
      { outcome: 'later', reason: 'unavailable', retryAfterMs: 86_400_000 },
    ],
    [
      { status: 500, retryAfter: 'soon' },
      { outcome: 'later', reason: 'unavailable' },
    ],
    [new TypeError('fetch failed'), { outcome: 'later', reason: 'unreachable' }],
  ] as const)('%j', async (answer, expected) => {
    const { push } = pushService(answer);
    expect(await push.send(sampleMessage('late'), new Browser().subscription, running)).toEqual(expected);
  });

  it('or the time, if there is none', async () => {
    const { push } = pushService(undefined, { maxMs: 20, post: () => new Promise(() => {}) });
    expect(await push.send(sampleMessage('late'), new Browser().subscription, running)).toEqual({
      ...{ outcome: 'later', reason: 'timeout' },
    });
  });
});

describe('is not called:', () => {
  const { subscription } = new Browser();
  it.each([
    ['http', { ...subscription, endpoint: 'http://push.example/x' }],
    ['a name and a password', { ...subscription, endpoint: 'https://a:b@push.example/x' }],
    ['no address', { ...subscription, endpoint: '/x' }],
    ['a long address', { ...subscription, endpoint: `https://push.example/${'x'.repeat(2_000)}` }],
    ['a short key', { ...subscription, keys: { ...subscription.keys, p256dh: 'AAAA' } }],
    ['no secret', { ...subscription, keys: { ...subscription.keys, auth: '' } }],
  ])('%s', async (_, to) => {
    const { calls, push } = pushService();
    expect(await push.send(sampleMessage('late'), to, running)).toEqual({
      ...{ outcome: 'refused', reason: 'no-address' },
    });
    expect(calls).toEqual([]);
  });

  it('a key that is no point of the curve', async () => {
    const p256dh = Buffer.concat([Buffer.from([4]), Buffer.alloc(64, 1)]).toString('base64url');
    const { calls, push } = pushService();
    const to = { ...subscription, keys: { ...subscription.keys, p256dh } };
    expect(await push.send(sampleMessage('late'), to, running)).toMatchObject({ outcome: 'refused' });
    expect(calls).toEqual([]);
  });

  it('an address of the hub’s own network', async () => {
    const { calls, push } = pushService(undefined, { mayCall: ({ hostname }) => hostname !== '192.168.0.1' });
    const to = new Browser('https://192.168.0.1/x').subscription;
    expect(await push.send(sampleMessage('late'), to, running)).toEqual({
      ...{ outcome: 'refused', reason: 'forbidden-address' },
    });
    expect(calls).toEqual([]);
  });
});

it('stays far below what push services take, whatever names there are', async () => {
  const long = '👩‍👩‍👧‍👦'.repeat(500);
  const { calls, push } = pushService();
  const result = parseTemplate({ text: '花'.repeat(500), subject: '花'.repeat(100) });
  const template = result.ok ? result.template : undefined;
  expect(template).toBeDefined();
  const own = sampleMessage('late', 'en', { template });
  expect(await push.send(own, new Browser().subscription, running)).toMatchObject({ outcome: 'sent' });
  for (const kind of messageKinds) {
    const more = { customer: long, order: long, shop: { name: long } };
    const message = { ...sampleMessage(kind, 'ar', more), reason: { code: 'other', text: long } as const };
    expect(await push.send(message, new Browser().subscription, running)).toMatchObject({ outcome: 'sent' });
  }
  for (const { body } of calls) expect(body.length).toBeLessThan(1_800);
});

describe('the hub’s keys', () => {
  it('are kept as text', () => {
    expect(parseVapidKeys(serializeVapidKeys(keys))).toEqual(keys);
  });

  it.each([
    '',
    'null',
    '{}',
    JSON.stringify({ ...keys, privateKey: generateVapidKeys().privateKey }),
    JSON.stringify({ ...keys, privateKey: 'A'.repeat(43) }),
    JSON.stringify({ ...keys, publicKey: keys.publicKey.slice(1) }),
  ])('and are none in %s', (text) => expect(parseVapidKeys(text)).toBeUndefined());
});
