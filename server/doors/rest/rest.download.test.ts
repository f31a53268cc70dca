import { get, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CapsRecord } from '../../../protocol/messages.ts';
import type { IssuedKey } from '../../../protocol/rest.ts';
import { adminKey, type KeyedHub, startKeyedHub } from '../../../testkit/keyed-hub.ts';
import { openClient, orderOf } from '../../../testkit/test-client.ts';

let hub: KeyedHub;
let red: IssuedKey;
/** More than a page, and more than a connection takes at once. */
const orders = 1_200;

beforeAll(async () => {
  hub = await startKeyedHub();
  red = await hub.issue({ role: 'vendor', store: 'red' });
  for (const [store, count] of [
    ['red', orders],
    ['blue', 2],
  ] as const) {
    const shop = await openClient(hub.url, await hub.keyed({ role: 'vendor', store }));
    for (let i = 0; i < count; i += 200) {
      const some = Array.from({ length: Math.min(200, count - i) }, (_, j) =>
        orderOf(store, `${i + j}`, {
          customer: i + j === 7 ? '=cmd(),"x"' : `Ida ${store}`,
          note: 'n'.repeat(1_000),
        }),
      );
      await shop.send(...some);
    }
    shop.close();
  }
});
afterAll(async () => {
  await hub.close();
  expect(hub.faults).toEqual([]);
});

const linesOf = async (response: Response): Promise<CapsRecord[]> => {
  expect(response.status).toBe(200);
  const lines = (await response.text()).split('\n');
  expect(lines.pop()).toBe('');
  return lines.map((line) => JSON.parse(line) as CapsRecord);
};

describe('the log as a file', () => {
  it('has all that the filters leave, in order, however many pages that is', async () => {
    const response = await hub.ask('/api/events?format=ndjson', adminKey);
    expect(response.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="caps-events.ndjson"');
    const all = await linesOf(response);
    expect(all.map(({ seq }) => seq)).toEqual(Array.from({ length: orders + 2 }, (_, i) => i + 1));
    const accept = { headers: { accept: 'application/x-ndjson' } };
    const few = await linesOf(await hub.ask('/api/events?q=ida&after=3&before=9', adminKey, accept));
    expect(few.map(({ seq }) => seq)).toEqual([4, 5, 6, 7]);
    expect(few[0]).toEqual(all[3]);
    expect(await linesOf(await hub.ask('/api/events?format=ndjson&event=note', adminKey))).toEqual([]);
  });

  it('is a table that no spreadsheet takes for a program', async () => {
    const response = await hub.ask('/api/events?after=6&before=9', adminKey, {
      headers: { accept: 'text/csv' },
    });
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    const lines = (await response.text()).split('\r\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/^seq,time,/);
    expect(lines[2]).toContain(`,7,1,"'=cmd(),""x""",`);
    const link = await hub.ask('/api/events?after=6&before=9&format=csv', adminKey);
    expect(await link.text()).toBe(lines.join('\r\n'));
  });

  it('is a table whose accents every spreadsheet reads: one byte order mark, and at the beginning', async () => {
    const mark = [0xef, 0xbb, 0xbf];
    const bytesOf = async (query: string) =>
      new Uint8Array(await (await hub.ask(`/api/events?${query}`, adminKey)).arrayBuffer());
    const table = await bytesOf('format=csv');
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    expect([...table.subarray(0, 7)]).toEqual([...mark, ...Buffer.from('seq,')]);
    expect(decoder.decode(table).lastIndexOf('\uFEFF')).toBe(0);
    expect([...(await bytesOf('format=csv&event=note')).subarray(0, 3)]).toEqual(mark);
    // Programs read JSON, and choke on it.
    expect((await bytesOf('format=ndjson'))[0]).toBe('{'.charCodeAt(0));
  });

  it('[A1] has a store’s own in its own numbers, and nothing else', async () => {
    const text = await (await hub.ask('/api/events?format=csv&q=ida', red.key)).text();
    expect(text).not.toContain('blue');
    expect(text.split('\r\n')).toHaveLength(orders + 1);
  });

  it('[A2] is for those with a key', async () => {
    for (const key of [undefined, 'adm_guessed']) {
      const response = await hub.ask('/api/events?format=csv', key);
      expect(response.status).toBe(401);
      expect(await response.text()).not.toContain('Ida');
    }
  });

  it('is refused in words before anything is sent, and tells a HEAD no more than its kind', async () => {
    for (const query of ['after=abcdef012345.1', 'limit=5', 'total=1', 'q=a&from=never']) {
      const response = await hub.ask(`/api/events?format=csv&${query}`, adminKey);
      expect([response.status, response.headers.get('content-type')]).toEqual([
        400,
        'application/problem+json; charset=utf-8',
      ]);
    }
    const head = await hub.ask('/api/events?format=csv', adminKey, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  it('[A2] is cut, not ended, when the key is revoked', async () => {
    const key = await hub.issue({ role: 'admin', name: 'Slow' });
    const headers = { authorization: `Bearer ${key.key}` };
    const unread = await new Promise<IncomingMessage>((resolve) => {
      get(`${hub.url}/api/events?format=ndjson`, { headers }, resolve);
    });
    let text = '';
    unread.setEncoding('utf8');
    const cut = new Promise((resolve) => unread.on('error', resolve));
    await hub.revoke(key.id);
    unread.on('data', (chunk: string) => {
      text += chunk;
    });
    expect(await cut).toMatchObject({ code: 'ECONNRESET' });
    expect(text.split('\n').length).toBeLessThan(orders);
  });
});
