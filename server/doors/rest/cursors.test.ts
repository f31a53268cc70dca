/** A cursor is its reader's own: another's is a place in another count, and what lies before it would be left out. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Welcome } from '../../../protocol/messages.ts';
import { type RealHub, startRealHub } from '../../../testkit/real-hub.ts';
import { TcpLine } from '../../../testkit/tcp-lines.ts';
import { dial, next, openClient, orderOf } from '../../../testkit/test-client.ts';

type ActorQuery = Readonly<Record<string, string>>;

let hub: RealHub;
/** What stands in each reader's hands: a cursor of a place that everybody's count has reached. */
const cursors = new Map<string, string>();
const readers: Record<string, ActorQuery> = {
  dispatch: { role: 'admin' },
  red: { role: 'vendor', store: 'red' },
  blue: { role: 'vendor', store: 'blue' },
  ana: { role: 'driver', driver: 'ana' },
  ben: { role: 'driver', driver: 'ben' },
};
const names = Object.keys(readers);

const asOf = ({ store, driver }: ActorQuery): string =>
  store ? `store:${store}` : driver ? `driver:${driver}` : 'admin';

async function welcomeOf(who: ActorQuery, after?: string): Promise<Welcome> {
  const socket = dial(`${hub.url}/caps`, { protocol: 1, ...who, ...(after === undefined ? {} : { after }) });
  const welcome = await next<Welcome>(socket, 'welcome');
  socket.close();
  return welcome;
}

async function resetByTcp(who: ActorQuery, after: string): Promise<unknown> {
  const line = new TcpLine(hub.tcpPort);
  line.write({ event: 'hello', payload: { ...who, after } });
  const { payload } = await line.message(({ event }) => event === 'welcome');
  line.close();
  return payload['reset'];
}

/** How a stream begins. */
async function streamOf(who: ActorQuery, headers: Record<string, string>, query = ''): Promise<string> {
  const end = new AbortController();
  const answer = await fetch(`${hub.url}/api/events?as=${asOf(who)}${query}`, {
    headers: { accept: 'text/event-stream', ...headers },
    signal: end.signal,
  });
  let text = '';
  for await (const chunk of answer.body ?? []) {
    text += Buffer.from(chunk).toString();
    if (text.includes('id: ')) break;
  }
  return text;
}

const read = (path: string, who: ActorQuery) =>
  fetch(`${hub.url}${path}${path.includes('?') ? '&' : '?'}as=${asOf(who)}`);

beforeAll(async () => {
  hub = await startRealHub();
  for (const store of ['red', 'blue']) {
    const shop = await openClient(hub.url, { role: 'vendor', store });
    await shop.send(...[1, 2, 3].map((n) => orderOf(store, `${n}`)));
    shop.close();
  }
  for (const name of names) cursors.set(name, `${(await welcomeOf(readers[name] ?? {})).epoch}.2`);
});
afterAll(async () => {
  await hub.close();
  expect(hub.faults).toEqual([]);
});

describe.each(names)('%s', (name) => {
  const who = readers[name] ?? {};
  it.each(names)('on every door, with the cursor of %s', async (owner) => {
    const cursor = cursors.get(owner) ?? '';
    const isOwn = owner === name;
    const reset = isOwn ? undefined : 'bad-cursor';
    expect((await welcomeOf(who, cursor)).reset).toBe(reset);
    expect(await resetByTcp(who, cursor)).toBe(reset);
    for (const text of [
      await streamOf(who, { 'last-event-id': cursor }),
      await streamOf(who, {}, `&after=${cursor}`),
    ]) {
      expect(text.includes('event: reset')).toBe(!isOwn);
      const [epoch] = (cursors.get(name) ?? '').split('.');
      expect(text).toContain(isOwn ? `id: ${cursor}\n` : `id: ${epoch}.`);
    }
    for (const place of ['after', 'before']) {
      for (const format of ['json', 'ndjson']) {
        const answer = await read(`/api/events?${place}=${cursor}&format=${format}`, who);
        expect(answer.status).toBe(isOwn ? 200 : 400);
        if (isOwn) await answer.text();
        else expect(await answer.json()).toMatchObject({ code: 'bad-cursor', details: { field: place } });
      }
    }
  });

  it('is given cursors of its own, which are one and the same on all doors', async () => {
    const [epoch] = (cursors.get(name) ?? '').split('.');
    const page = await (await read('/api/events?limit=2', who)).json();
    const orders = await (await read('/api/orders', who)).json();
    const given = [page.next, orders.asOf, ...(page.prev === null ? [] : [page.prev])];
    for (const cursor of given) {
      expect(cursor).toMatch(new RegExp(`^${epoch}\\.\\d+$`));
      expect((await read(`/api/events?after=${cursor}`, who)).status).toBe(200);
      expect((await welcomeOf(who, cursor)).reset).toBeUndefined();
    }
  });

  it('goes on by a seq alone at its own word', async () => {
    expect((await read('/api/events?after=2', who)).status).toBe(200);
    expect(await streamOf(who, {}, '&after=2')).not.toContain('reset');
  });
});

it('all of dispatch have the same cursors, as they were before there were others', async () => {
  const [epoch = ''] = (cursors.get('dispatch') ?? '').split('.');
  expect(epoch).toMatch(/^[0-9a-f]+$/);
  expect((await welcomeOf({ role: 'admin', name: 'Zoë' }, `${epoch}.2`)).reset).toBeUndefined();
});

it('a cursor from before scopes had their own is dispatch’s alone: for anybody else it starts afresh', async () => {
  const old = cursors.get('dispatch') ?? '';
  expect((await welcomeOf({ role: 'vendor', store: 'red' }, old)).reset).toBe('bad-cursor');
});

it('a customer’s is that of the one parcel', async () => {
  const tokenOf = async (orderID: string) => {
    const { tracking } = await (await fetch(`${hub.url}/api/orders/red/${orderID}`)).json();
    return tracking.replace(/.*\/track\//, '');
  };
  const [mine, another] = [await tokenOf('1'), await tokenOf('2')];
  const { epoch } = await welcomeOf({ role: 'customer', key: another });
  expect((await welcomeOf({ role: 'customer', key: another }, `${epoch}.1`)).reset).toBeUndefined();
  expect((await welcomeOf({ role: 'customer', key: mine }, `${epoch}.1`)).reset).toBe('bad-cursor');
});

describe('where a list goes on', () => {
  const lists: Record<string, { who: ActorQuery; query: string }> = {
    'dispatch’s orders': { who: { role: 'admin' }, query: '' },
    'red’s, read by dispatch': { who: { role: 'admin' }, query: '&store=red' },
    'blue’s, read by dispatch': { who: { role: 'admin' }, query: '&store=blue' },
    'red’s, read by red': { who: { role: 'vendor', store: 'red' }, query: '' },
    'blue’s, read by blue': { who: { role: 'vendor', store: 'blue' }, query: '' },
    'ana’s orders': { who: { role: 'driver', driver: 'ana' }, query: '' },
    'red’s, read by ana': { who: { role: 'driver', driver: 'ana' }, query: '&store=red' },
    'ben’s orders': { who: { role: 'driver', driver: 'ben' }, query: '' },
  };
  const listed = Object.keys(lists);
  const page = (name: string, cursor?: string) => {
    const { who, query } = lists[name] ?? { who: {}, query: '' };
    const from = cursor === undefined ? '' : `&cursor=${cursor}`;
    return read(`/api/orders?limit=1${query}${from}`, who);
  };

  it.each(listed)('is taken from nobody else: %s', async (name) => {
    const { next: own } = await (await page(name)).json();
    for (const reader of listed) {
      const answer = await page(reader, own);
      const said = await answer.json();
      if (reader === name) expect([answer.status, said.items.length]).toEqual([200, 1]);
      else expect(said, reader).toMatchObject({ code: 'bad-cursor', details: { field: 'cursor' } });
    }
    for (const wrong of [cursors.get('dispatch'), own.replace(/^[^-]+/, 'abcdef012345'), 'x', '-1']) {
      expect((await page(name, wrong)).status, wrong).toBe(400);
    }
  });

  it.each(listed)('is taken at its word as a place alone, as an older page asks for it: %s', async (name) => {
    const { next } = await (await page(name)).json();
    const [, place] = next.split('.');
    const [own, older] = [await (await page(name, next)).json(), await (await page(name, place)).json()];
    expect(older).toEqual(own);
  });

  it('with offers as well, each driver’s and no list’s of orders', async () => {
    const shop = await openClient(hub.url, { role: 'vendor', store: 'many' });
    for (let from = 0; from < 400; from += 200) {
      await shop.send(...Array.from({ length: 200 }, (_, i) => orderOf('many', `${from + i}`)));
    }
    shop.close();
    const askedBy = async (driver: string, from?: string) => {
      const socket = dial(`${hub.url}/caps`, { protocol: 1, role: 'driver', driver });
      const answer = await socket.emitWithAck('offers', from === undefined ? {} : { from });
      socket.close();
      return answer;
    };
    const { next } = await askedBy('ana');
    expect(await askedBy('ana', next)).toMatchObject({ ok: true });
    expect(await askedBy('ana', next.replace(/.*\./, ''))).toMatchObject({ ok: true });
    const orders = await (await page('ana’s orders')).json();
    for (const [driver, from] of [
      ['ben', next],
      ['ana', orders.next],
      ['ana', cursors.get('ana')],
      ['ana', next.replace(/^[^-]+/, 'abcdef012345')],
    ]) {
      expect(await askedBy(driver, from)).toMatchObject({
        ok: false,
        error: { code: 'bad-cursor', details: { field: 'from' } },
      });
    }
    expect((await read(`/api/orders?cursor=${next}`, { role: 'driver', driver: 'ana' })).status).toBe(400);
  });
});
