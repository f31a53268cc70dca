import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminKey, type KeyedHub, startKeyedHub } from '../../testkit/keyed-hub.ts';
import { TcpLine } from '../../testkit/tcp-lines.ts';
import { openClient } from '../../testkit/test-client.ts';

let hub: KeyedHub;
let key: string;
beforeAll(async () => {
  hub = await startKeyedHub();
  ({ key } = await hub.issue({ role: 'vendor', store: 'red' }));
});
afterAll(async () => {
  await hub.close();
  expect(hub.faults).toEqual([]);
});

/** Sends this header as the bytes that it is in UTF-8, which no library would. @returns status and body */
async function bearing(key: string): Promise<string> {
  const socket = connect(hub.port, '127.0.0.1');
  const head = [
    'GET /api/hub HTTP/1.1',
    'Host: localhost',
    'Connection: close',
    `Authorization: Bearer ${key}`,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  return (await socket.toArray()).join('');
}

/** How a key comes out of a mail, a chat or an editor. */
const pasted: [how: string, spoilt: (key: string) => string][] = [
  ['with signs that nobody sees', (key) => `\u200b${key}\ufeff`],
  ['in quotes of print', (key) => `“${key}”`],
  ['with blanks in it', (key) => `${key.slice(0, 9)} ${key.slice(9)}`],
  ['in a whole link', (key) => `http://localhost/vendor#key=${key}`],
];

describe.each(pasted)('[A2] a key that was pasted %s opens what it opens', (_, spoilt) => {
  it('over REST', async () => {
    expect(await bearing(spoilt(key))).toMatch(
      /^HTTP\/1\.1 200 OK[\s\S]*"actor":\{"role":"vendor","id":"red"\}/,
    );
    expect(await bearing(spoilt(adminKey))).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*"role":"admin"/);
  });

  it('by Socket.IO and TCP', async () => {
    const shop = await openClient(hub.url, { role: 'vendor', store: 'red', key: spoilt(key) });
    shop.close();
    const line = new TcpLine(hub.tcpPort);
    line.write(
      `${JSON.stringify({ event: 'hello', payload: { role: 'vendor', store: 'red', key: spoilt(key) } })}\n`,
    );
    await line.message(({ event }) => event === 'welcome');
    line.close();
  });
});

describe('[A2] what is no key is answered', () => {
  it.each(['–', '…', '“”', 'ключ', '\u00ff\u00fe', 'ven_x', 'x'.repeat(9_000)])('%s', async (said) => {
    expect(await bearing(said)).toMatch(/^HTTP\/1\.1 401 Unauthorized[\s\S]*"code":"unauthorized"/);
  });

  it('and a key with a letter missing stays none', async () => {
    expect(await bearing(key.slice(0, -1))).toMatch(/^HTTP\/1\.1 401 /);
    expect(await bearing(`${key}x`)).toMatch(/^HTTP\/1\.1 401 /);
  });
});
