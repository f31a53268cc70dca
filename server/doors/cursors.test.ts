/** A cursor is its reader's own: another's is a place in another count, and what lies before it would be left out. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Welcome } from '../../protocol/messages.ts';
import { dial, Line, next, orderOf, type RealHub, startRealHub, visit } from './visitors.contract.ts';

type Who = Readonly<Record<string, string>>;

let hub: RealHub;
/** What stands in each reader's hands: a cursor of a place that everybody's count has reached. */
const cursors = new Map<string, string>();
const readers: Record<string, Who> = {
  dispatch: { role: 'admin' },
  red: { role: 'vendor', store: 'red' },
  blue: { role: 'vendor', store: 'blue' },
  ana: { role: 'driver', driver: 'ana' },
  ben: { role: 'driver', driver: 'ben' },
};
const names = Object.keys(readers);

const asOf = ({ store, driver }: Who): string =>
  store ? `store:${store}` : driver ? `driver:${driver}` : 'admin';

async function welcomeOf(who: Who, after?: string): Promise<Welcome> {
  const socket = dial(`${hub.url}/caps`, { protocol: 1, ...who, ...(after === undefined ? {} : { after }) });
  const welcome = await next<Welcome>(socket, 'welcome');
  socket.close();
  return welcome;
}

async function resetByTcp(who: Who, after: string): Promise<unknown> {
  const line = new Line(hub.tcpPort);
  line.write({ event: 'hello', payload: { ...who, after } });
  const { payload } = await line.message(({ event }) => event === 'welcome');
  line.close();
  return payload['reset'];
}

/** How a stream begins. */
async function streamOf(who: Who, headers: Record<string, string>, query = ''): Promise<string> {
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

const read = (path: string, who: Who) =>
  fetch(`${hub.url}${path}${path.includes('?') ? '&' : '?'}as=${asOf(who)}`);

beforeAll(async () => {
  hub = await startRealHub();
  for (const store of ['red', 'blue']) {
    const shop = await visit(hub.url, { role: 'vendor', store });
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
