/** Mail, as a real SMTP server takes it. */

import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { afterEach, describe, expect, it } from 'vitest';
import { sampleMessage } from '../../../testkit/sample-message.ts';
import { certificate, certificateKey } from '../../../testkit/simulation/certificate.ts';
import type { Message } from '../texts/message.ts';
import type { Receipt } from './channel.ts';
import { createMail, type MailAddressee } from './mail.ts';

const password = 'hunter2';
const running = new AbortController().signal;
const open = new Set<{ close(done: () => void): void }>();

afterEach(async () => {
  await Promise.all([...open].map((server) => new Promise<void>((resolve) => server.close(resolve))));
  open.clear();
});

interface TakenMail {
  readonly raw: string;
  readonly envelope: { readonly from: string | false; readonly to: readonly string[] };
}

type SmtpOptions = NonNullable<ConstructorParameters<typeof SMTPServer>[0]>;

/** A server that keeps what it takes. */
async function smtpServer(options: SmtpOptions = {}): Promise<{ taken: TakenMail[]; port: number }> {
  const taken: TakenMail[] = [];
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    authOptional: true,
    allowInsecureAuth: true,
    onAuth: ({ username }, _, done) => done(null, { user: username }),
    closeTimeout: 1,
    onData(stream, { envelope }, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = envelope;
        const from = mailFrom === false ? false : mailFrom.address;
        const to = rcptTo.map(({ address }) => address);
        taken.push({ raw: Buffer.concat(chunks).toString(), envelope: { from, to } });
        done();
      });
    },
    ...options,
  });
  // A client that breaks off.
  server.on('error', () => {});
  open.add(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { taken, port: (server.server.address() as AddressInfo).port };
}

/** A server that is none. */
async function tcpServer(serve: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    // Reset by the client.
    socket.on('error', () => {});
    serve(socket);
  });
  open.add({
    close(done) {
      for (const socket of sockets) socket.destroy();
      server.close(() => done());
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function send(
  port: number,
  message: Message = sampleMessage('collected'),
  to: Partial<MailAddressee> = {},
  { host = '127.0.0.1', user = '', maxMs = 15_000, signal = running } = {},
): Promise<Receipt> {
  const url = `smtp://${user}${host}:${port}`;
  const mail = createMail({ url, from: 'hub@caps.example', maxMs });
  return mail.send(message, { address: 'hulda@parker.example', ...to }, signal);
}

async function sent(message: Message, to: Partial<MailAddressee> = {}): Promise<[Email, TakenMail]> {
  const { taken, port } = await smtpServer();
  expect(await send(port, message, to)).toEqual({ outcome: 'sent', reason: 'accepted' });
  const [first, ...more] = taken;
  if (first === undefined || more.length > 0) throw new Error(`${taken.length} mails`);
  return [await PostalMime.parse(first.raw), first];
}

const headersOf = ({ headers }: Email) => Object.fromEntries(headers.map(({ key, value }) => [key, value]));

it('arrives in the shop’s name, and answers go to the shop', async () => {
  const unsubscribe = 'https://caps.example/stop/abc?a=1';
  const [mail, { envelope, raw }] = await sent(sampleMessage('collected'), { unsubscribe });
  expect(envelope).toEqual({ from: 'hub@caps.example', to: ['hulda@parker.example'] });
  expect(mail).toMatchObject({
    from: { name: 'Red Roses', address: 'hub@caps.example' },
    to: [{ name: 'Hulda Parker', address: 'hulda@parker.example' }],
    replyTo: [{ name: 'Red Roses', address: 'hello@red.example' }],
    subject: 'Your order 1042 from Red Roses is on its way',
    messageId: '<m-collected@caps.example>',
  });
  expect(headersOf(mail)).toMatchObject({
    'auto-submitted': 'auto-generated',
    'content-language': 'en',
    'list-unsubscribe': `<${unsubscribe}>`,
    'list-unsubscribe-post': 'List-Unsubscribe=One-Click',
  });
  expect(mail.text).toContain('A driver has collected it from us. Planned for Tue 1 Dec, 14:00–16:00.');
  expect(mail.text).toContain('Follow your order:\nhttps://caps.example/track/trk_abc\n');
  expect(mail.text).toContain('Questions? Call Red Roses: +49 30 123456, or write to hello@red.example.');
  expect(mail.text).toContain(`No more messages about this order:\n${unsubscribe}`);
  expect(mail.html).toContain('href="https://caps.example/track/trk_abc">Follow your order</a>');
  expect(mail.html).toContain('href="https://caps.example/stop/abc?a=1"');
  for (const line of raw.split('\r\n')) expect(line.length).toBeLessThan(998);
});

it('asks nothing of any server when it is read', async () => {
  const [{ html = '' }] = await sent(sampleMessage('delivered', 'ar'));
  expect(html).toContain('<html lang="ar" dir="rtl">');
  expect(html).not.toMatch(/<(img|link|script|iframe|table|object|video|form)\b|url\(|@import|@font-face/i);
  expect(html).toContain('<a class="button" href="https://caps.example/track/trk_abc#proof">');
});

it('the same message has the same id, so that a second copy can be told', async () => {
  const { taken, port } = await smtpServer();
  const odd = sampleMessage('late', 'en', { id: 'a b>\r\nBcc: x@y.example' });
  await send(port, odd);
  await send(port, odd);
  const ids = taken.map(({ raw }) => /^Message-ID: (.*)$/im.exec(raw)?.[1]);
  expect(ids[0]).toMatch(/^<[\w-]{43}@caps\.example>\r?$/);
  expect(ids[1]).toBe(ids[0]);
});

describe('no name becomes a header or a recipient:', () => {
  it.each([
    'Red\r\nBcc: thief@evil.example',
    'Red\nBcc: thief@evil.example\n\n<b>',
    'Red" <thief@evil.example>, "x',
    'Red, thief@evil.example',
    'Rosé & Söhne, GmbH; <x>',
    'ورود حمراء',
    '\u2028Bcc: thief@evil.example',
    '=?utf-8?Q?=0D=0ABcc:_thief@evil.example?=',
    `${'Rosé '.repeat(40)}\r\nBcc: thief@evil.example`,
  ])('%j', async (name) => {
    const shop = { name, email: 'hello@red.example', phone: name };
    const [mail, { envelope, raw }] = await sent(
      sampleMessage('failed', 'en', {
        ...{ shop, customer: name, order: name, id: name },
        reason: { code: 'other', text: name },
      }),
    );
    expect(envelope.to).toEqual(['hulda@parker.example']);
    expect(mail.to?.map(({ address }) => address)).toEqual(['hulda@parker.example']);
    expect(mail.from?.address).toBe('hub@caps.example');
    expect(mail.from?.name.length).toBeLessThanOrEqual(100);
    expect(mail.replyTo?.map(({ address }) => address)).toEqual(['hello@red.example']);
    expect(Object.keys(headersOf(mail)).toSorted()).toEqual(
      ['from', 'to', 'reply-to', 'subject', 'message-id', 'date', 'mime-version']
        .concat(['auto-submitted', 'content-language', 'content-type'])
        .toSorted(),
    );
    const [head = ''] = raw.split('\r\n\r\n');
    expect(head).not.toMatch(/^bcc:/im);
    expect(mail.html).not.toMatch(/<b>|<thief|<x>/);
  });

  it.each([
    '',
    'hulda',
    'a@b.example, c@d.example',
    'a@b.example\r\nRCPT TO:<c@d.example>',
    'Hulda <a@b.example>',
    '"a b"@c.example',
    'a@b@c.example',
    'a@b..example',
    'a@-b.example',
    `${'a'.repeat(65)}@b.example`,
    'a@[127.0.0.1]',
    'a@b.example>',
  ])('to %j nothing is sent', async (address) => {
    expect(await send(1, sampleMessage('late'), { address })).toEqual({
      ...{ outcome: 'refused', reason: 'no-address' },
    });
  });

  it('a link that is none is not one to leave by', async () => {
    const [mail] = await sent(sampleMessage('late'), {
      unsubscribe: 'javascript:alert(1)\r\nBcc: a@b.example',
    });
    expect(headersOf(mail)).not.toHaveProperty('list-unsubscribe');
  });
});

describe('what the server says decides:', () => {
  const failing = (code: number) => Object.assign(new Error(`no ${password}`), { responseCode: code });
  it.each<[string, Receipt, SmtpOptions]>([
    [
      'mailbox unknown',
      { outcome: 'refused', reason: 'rejected' },
      { onRcptTo: (_, __, done) => done(failing(550)) },
    ],
    [
      'mailbox busy',
      { outcome: 'later', reason: 'unavailable' },
      { onRcptTo: (_, __, done) => done(failing(450)) },
    ],
    [
      'sender refused',
      { outcome: 'refused', reason: 'rejected' },
      { onMailFrom: (_, __, done) => done(failing(553)) },
    ],
    [
      'at the door',
      { outcome: 'later', reason: 'unavailable' },
      { onConnect: (_, done) => done(failing(554)) },
    ],
    [
      'too large after all',
      { outcome: 'refused', reason: 'too-large' },
      { onData: (stream, _, done) => stream.on('end', () => done(failing(552))).resume() },
    ],
    [
      'no disk',
      { outcome: 'later', reason: 'unavailable' },
      { onData: (stream, _, done) => stream.on('end', () => done(failing(452))).resume() },
    ],
    ['known to be too large', { outcome: 'refused', reason: 'too-large' }, { size: 10 }],
    [
      'password wrong',
      { outcome: 'later', reason: 'credentials' },
      { onAuth: (_, __, done) => done(failing(535)) },
    ],
  ])('%s', async (_, expected, options) => {
    const { port } = await smtpServer(options);
    expect(await send(port, undefined, undefined, { user: `hub:${password}@` })).toEqual(expected);
  });

  it('signs in with what the address holds', async () => {
    const seen: unknown[] = [];
    const { port } = await smtpServer({
      onAuth({ username, password: said }, _, done) {
        seen.push([username, said]);
        done(null, { user: username });
      },
    });
    const receipt = await send(port, undefined, undefined, { user: 'hub%40caps.example:a%25b@' });
    expect(receipt.outcome).toBe('sent');
    expect(seen).toEqual([['hub@caps.example', 'a%b']]);
  });
});

describe('later:', () => {
  it('the server is down', async () => {
    const port = await tcpServer(() => {});
    await Promise.all([...open].map((server) => new Promise<void>((resolve) => server.close(resolve))));
    open.clear();
    expect(await send(port)).toEqual({ outcome: 'later', reason: 'unreachable' });
  });

  it('it takes the whole mail, and breaks off before it says so', async () => {
    const heard: string[] = [];
    const port = await tcpServer((socket) => {
      socket.write('220 hi\r\n');
      socket.on('data', (chunk) => {
        heard.push(chunk.toString());
        if (/\r\n\.\r\n$/.test(heard.join(''))) socket.destroy();
        else if (/^DATA/.test(chunk.toString())) socket.write('354 go on\r\n');
        else if (!heard.join('').includes('\r\nDATA')) socket.write('250 ok\r\n');
      });
    });
    expect(await send(port)).toEqual({ outcome: 'later', reason: 'cut-off' });
    expect(heard.join('')).toContain('Message-ID: <m-collected@caps.example>');
  });

  it.each<[string, (socket: Socket) => void]>([
    ['says nothing', () => {}],
    ['greets, and says no more', (socket) => socket.write('220 hi\r\n')],
    [
      'answers one line after another for ever',
      (socket) => socket.write('220 hi\r\n') && setInterval(() => socket.write('250-x\r\n'), 10).unref(),
    ],
  ])('it %s', async (_, serve) => {
    const port = await tcpServer(serve);
    expect(await send(port, undefined, undefined, { maxMs: 300 })).toEqual({
      ...{ outcome: 'later', reason: 'timeout' },
    });
  });

  it('it answers without an end, and is not heard to it', async () => {
    let written = 0;
    const port = await tcpServer((socket) => {
      const line = 'x'.repeat(16_384);
      const more = (): void => {
        while (!socket.destroyed && socket.write(line)) written += line.length;
      };
      socket.on('drain', more).write('220 ');
      more();
    });
    expect(await send(port)).toMatchObject({ outcome: 'later' });
    // What the buffers of two sockets hold may be on its way.
    expect(written).toBeLessThan(32 * 2 ** 20);
  });

  it('the hub stops meanwhile', async () => {
    const stop = new AbortController();
    let left = (): void => {};
    const isLeft = new Promise<void>((resolve) => {
      left = resolve;
    });
    const port = await tcpServer((socket) => {
      socket.once('close', left).resume();
      stop.abort();
    });
    // No limit of time ends it.
    const stopped = { signal: stop.signal, maxMs: 600_000 };
    expect(await send(port, undefined, undefined, stopped)).toEqual({
      ...{ outcome: 'later', reason: 'stopped' },
    });
    // The connection is dropped, too.
    await isLeft;
    expect(await send(port, undefined, undefined, stopped)).toMatchObject({
      outcome: 'later',
    });
  });

  it.each([
    ['smtps', { secure: true }],
    ['smtp', { disabledCommands: [] }],
  ])('nobody vouches for the certificate, over %s', async (scheme, options) => {
    const signedIn: unknown[] = [];
    const { taken, port } = await smtpServer({
      ...{ ...options, cert: certificate, key: certificateKey },
      onAuth({ username }, _, done) {
        signedIn.push(username);
        done(null, { user: username });
      },
    });
    const url = `${scheme}://hub:${password}@localhost:${port}`;
    const mail = createMail({ url, from: 'hub@caps.example' });
    expect(await mail.send(sampleMessage('late'), { address: 'a@b.example' }, running)).toEqual({
      ...{ outcome: 'later', reason: 'unreachable' },
    });
    expect([taken, signedIn]).toEqual([[], []]);
  });

  it('the password would travel in the clear', async () => {
    const heard: string[] = [];
    const port = await tcpServer((socket) => {
      socket.on('data', (chunk) => {
        heard.push(chunk.toString());
        socket.write('250-hi\r\n250 AUTH PLAIN LOGIN\r\n');
      });
      socket.write('220 hi\r\n');
    });
    // Loopback by another name.
    const options = { host: '[::ffff:127.0.0.1]', user: `hub:${password}@`, maxMs: 2_000 };
    expect(await send(port, undefined, undefined, options)).toMatchObject({ outcome: 'later' });
    expect(heard.join('')).toContain('STARTTLS');
    expect(heard.join('')).not.toMatch(/AUTH/);
  });
});
