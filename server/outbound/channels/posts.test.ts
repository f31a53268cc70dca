/** ntfy and text messages, as a real server hears them; and that no way gives its secrets away. */

import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleMessage } from '../../../testkit/sample-message.ts';
import { systemClock } from '../../clock.ts';
import type { Channel } from './channel.ts';
import { createMail } from './mail.ts';
import { createNtfy, type NtfyAddressee } from './ntfy.ts';
import { fetchPost, retryAfterMs } from './post.ts';
import { createSms, type SmsAddressee } from './sms.ts';

const running = new AbortController().signal;
const clock = { ...systemClock, now: () => Date.UTC(2026, 10, 30, 12) };
const post = fetchPost(clock);

interface HeardCall {
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What the server answers; undefined: nothing, ever. */
let answer: { status: number; headers?: Record<string, string>; endless?: boolean } | undefined;
let heard: HeardCall[];
let host: string;
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { url: path, headers } = request;
    heard.push({ path, headers, body: Buffer.concat(chunks).toString() });
    if (answer === undefined) return;
    response.writeHead(answer.status, answer.headers);
    if (answer.endless !== true) {
      response.end('hunter2 is no password');
      return;
    }
    const more = () => {
      while (!response.destroyed && response.write('x'.repeat(65_536)));
    };
    response.on('drain', more);
    more();
  });
});

beforeEach(async () => {
  heard = [];
  answer = { status: 200 };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
});

const ntfy = (user = '', maxMs = 15_000): Channel<NtfyAddressee> =>
  createNtfy({ url: `http://${user}${host}`, post, maxMs });
const sms = (secret?: string, user = ''): Channel<SmsAddressee> =>
  createSms({ url: `http://${user}${host}/send?from=Red`, secret, clock, post });

describe('ntfy', () => {
  it('publishes as JSON to the topic of the parcel', async () => {
    const receipt = await ntfy().send(sampleMessage('next'), { topic: 'caps-abc' }, running);
    expect(receipt).toEqual({ outcome: 'sent', reason: 'accepted' });
    expect(heard[0]).toMatchObject({ path: '/', headers: { 'content-type': 'application/json' } });
    expect(heard[0]?.headers.authorization).toBeUndefined();
    expect(JSON.parse(heard[0]?.body ?? '')).toEqual({
      topic: 'caps-abc',
      title: 'You are next: order 1042 from Red Roses',
      message: 'Yours is the driver’s next stop.',
      tags: ['round_pushpin'],
      priority: 4,
      click: 'https://caps.example/track/trk_abc',
    });
  });

  it.each([
    ['tk_abc@', 'Bearer tk_abc'],
    [':tk_abc@', 'Bearer tk_abc'],
    ['hub:a%25b@', `Basic ${Buffer.from('hub:a%b').toString('base64')}`],
  ])('signs in with %s', async (user, authorization) => {
    await ntfy(user).send(sampleMessage('late'), { topic: 'a' }, running);
    expect(heard[0]?.headers).toMatchObject({ authorization });
  });

  it.each([
    [
      { status: 429, headers: { 'retry-after': '60' } },
      { outcome: 'later', reason: 'too-many', retryAfterMs: 60_000 },
    ],
    [{ status: 401 }, { outcome: 'later', reason: 'credentials' }],
    [
      { status: 302, headers: { location: '/elsewhere' } },
      { outcome: 'later', reason: 'unavailable' },
    ],
    [{ status: 404 }, { outcome: 'later', reason: 'unavailable' }],
    [{ status: 502 }, { outcome: 'later', reason: 'unavailable' }],
    [{ status: 400 }, { outcome: 'refused', reason: 'rejected' }],
    [{ status: 413 }, { outcome: 'refused', reason: 'too-large' }],
    [
      { status: 200, endless: true },
      { outcome: 'sent', reason: 'accepted' },
    ],
  ])('answer %j', async (given, expected) => {
    answer = given;
    expect(await ntfy().send(sampleMessage('late'), { topic: 'a' }, running)).toEqual(expected);
    expect(heard).toHaveLength(1);
  });

  it('no answer', async () => {
    answer = undefined;
    expect(await ntfy('', 100).send(sampleMessage('late'), { topic: 'a' }, running)).toEqual({
      ...{ outcome: 'later', reason: 'timeout' },
    });
  });

  it.each(['', 'a/b', 'a b', 'a'.repeat(65)])('no topic is %j', async (topic) => {
    expect(await ntfy().send(sampleMessage('late'), { topic }, running)).toMatchObject({
      outcome: 'refused',
    });
    expect(heard).toEqual([]);
  });
});

describe('a text message', () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

  it('goes to the operator’s webhook, signed', async () => {
    const receipt = await sms(secret).send(sampleMessage('next'), { phone: '+49 30 123-456' }, running);
    expect(receipt).toEqual({ outcome: 'sent', reason: 'accepted' });
    const [{ headers, body, path } = { headers: {}, body: '', path: '' }] = heard;
    expect(path).toBe('/send?from=Red');
    expect(JSON.parse(body)).toEqual({
      id: 'm-next',
      to: '+4930123456',
      text: "You are next: order 1042 from Red Roses. Yours is the driver's next stop. https://caps.example/track/trk_abc",
    });
    const key = Buffer.from(secret.slice(6), 'base64');
    const seconds = clock.now() / 1_000;
    const signature = createHmac('sha256', key).update(`m-next.${seconds}.${body}`).digest('base64');
    expect(headers).toMatchObject({
      ...{
        'webhook-id': 'm-next',
        'webhook-timestamp': `${seconds}`,
        'webhook-signature': `v1,${signature}`,
      },
    });
  });

  it('is not signed without a secret, and signs in with what the address holds', async () => {
    await sms(undefined, 'hub:b@').send(sampleMessage('late'), { phone: '030 123456' }, running);
    expect(heard[0]?.headers).toMatchObject({ authorization: 'Basic aHViOmI=' });
    expect(heard[0]?.headers).not.toHaveProperty('webhook-signature');
    expect(JSON.parse(heard[0]?.body ?? '')).toMatchObject({ to: '030 123456' });
  });

  it('goes nowhere without a number, and an odd id is no header', async () => {
    expect(await sms().send(sampleMessage('late'), { phone: 'ring twice' }, running)).toEqual({
      ...{ outcome: 'refused', reason: 'no-address' },
    });
    const odd = sampleMessage('late', 'en', { id: 'ä\r\nX: y' });
    expect(await sms(secret).send(odd, { phone: '110' }, running)).toMatchObject({ outcome: 'sent' });
    expect(heard.map(({ headers }) => headers['webhook-id'])).toEqual(['%C3%A4%0D%0AX%3A%20y']);
  });
});

it.each([
  ['120', 120_000],
  ['0', 0],
  ['Mon, 30 Nov 2026 12:01:00 GMT', 60_000],
  ['Mon, 30 Nov 2026 11:00:00 GMT', 0],
  ['9999999', 9_999_999_000],
  ['never', undefined],
  ['', undefined],
  [undefined, undefined],
])('Retry-After: %s is %s ms', (text, ms) => expect(retryAfterMs(text, clock.now())).toBe(ms));

it('no way gives away its secrets or a customer, however it fails', async () => {
  const messages = [sampleMessage('late'), sampleMessage('late', 'en', { shop: undefined as never })];
  const closed = '127.0.0.1:1';
  const ways = [`http://hub:hunter2@${host}`, `http://hub:hunter2@${closed}`].flatMap((url) => [
    (message: (typeof messages)[number]) =>
      createNtfy({ url, post }).send(message, { topic: 'hulda' }, running),
    (message: (typeof messages)[number]) =>
      createSms({ url, secret: undefined, clock, post }).send(message, { phone: '+4930123456' }, running),
    (message: (typeof messages)[number]) =>
      createMail({ url: url.replace('http', 'smtp'), from: 'hub@caps.example', maxMs: 500 }).send(
        message,
        { address: 'hulda@parker.example' },
        running,
      ),
  ]);
  for (const status of [200, 400, 401, 500]) {
    answer = { status };
    for (const way of ways) {
      for (const message of messages) {
        const receipt = await way(message);
        expect(Object.keys(receipt).toSorted()).toEqual(['outcome', 'reason']);
        expect(JSON.stringify(receipt)).not.toMatch(/hunter2|hulda|127\.0|4930123456/);
      }
    }
  }
});
