import { afterAll, beforeAll, expect, it } from 'vitest';
import type { OffersAnswer, Parcels } from '../../protocol/messages.ts';
import { type RealHub, startRealHub } from '../../testkit/real-hub.ts';
import { type LineMessage, TcpLine } from '../../testkit/tcp-lines.ts';
import { dial, next, openClient, orderOf, stepOf } from '../../testkit/test-client.ts';

const count = 650;
const ids = Array.from({ length: count }, (_, i) => `${i}`);
let hub: RealHub;

beforeAll(async () => {
  hub = await startRealHub();
  const shop = await openClient(hub.url, { role: 'vendor', store: 'red' });
  for (let from = 0; from < count; from += 200) {
    await shop.send(...ids.slice(from, from + 200).map((id) => orderOf('red', id)));
  }
  shop.close();
});
afterAll(async () => {
  await hub.close();
  expect(hub.faults).toEqual([]);
});

type Ask = (asked: unknown) => Promise<OffersAnswer>;
const idsOf = ({ items }: Pick<Parcels, 'items'>) => items.map(({ payload }) => payload.orderID);

/** From what the hub sent by itself to the last page. */
async function expectAll(first: Parcels, ask: Ask): Promise<void> {
  expect([first.more, first.ready, first.items.length]).toEqual([false, count, 300]);
  const found = idsOf(first);
  for (let from = first.next; from !== undefined; ) {
    const page: OffersAnswer = await ask({ from });
    if (!page.ok) throw new Error(page.error.message);
    expect(page.ready).toBe(count);
    found.push(...idsOf(page));
    from = page.next;
  }
  expect(found).toEqual(ids);
  const again = await ask({});
  expect(again.ok && idsOf(again)).toEqual(ids.slice(0, 300));
}

it('a driver on Socket.IO asks for more offers to the last, one page at a time', async () => {
  const socket = dial(`${hub.url}/caps`, { protocol: 1, role: 'driver', driver: 'ana' });
  const ask: Ask = (asked) => socket.emitWithAck('offers', asked);
  await expectAll(await next<Parcels>(socket, 'parcels'), ask);
  const both = await Promise.all([ask({}), ask({})]);
  expect(both).toMatchObject([{ ok: true }, { ok: false, error: { code: 'too-fast', retryable: true } }]);
  for (const wrong of [{ from: 7 }, { from: 'x' }, { form: '7' }, 'more', [{}]]) {
    const answer = await ask(wrong);
    expect(answer.ok ? 'ok' : answer.error.code).toMatch(/^bad-(message|cursor)$/);
  }
  socket.close();
  const shop = dial(`${hub.url}/caps`, { protocol: 1, role: 'vendor', store: 'red' });
  expect(await shop.emitWithAck('offers', {})).toMatchObject({ error: { code: 'not-allowed' } });
  shop.close();
});

it('and so does one on TCP, answered in its order', async () => {
  const line = new TcpLine(hub.tcpPort);
  const say = (message: object) => line.write(`${JSON.stringify(message)}\n`);
  say({ event: 'hello', payload: { role: 'driver', driver: 'ben' } });
  const { payload } = await line.message(({ event }) => event === 'parcels');
  const asked: string[] = [];
  await expectAll(payload as unknown as Parcels, async (payload) => {
    const id = `o${asked.length + 1}`;
    asked.push(id);
    say({ event: 'offers', payload, id });
    const answer = await line.message((message) => message.event === 'answer' && message.id === id);
    return answer.payload as unknown as OffersAnswer;
  });
  const heard = line.heard.map((text) => JSON.parse(text) as LineMessage);
  expect(heard.filter(({ event }) => event === 'answer').map(({ id }) => id)).toEqual(asked);
  line.close();
  await line.ended;
});

it('a page brings nothing that an earlier `gone` has named, however fast others take it', async () => {
  const reader = dial(`${hub.url}/caps`, { protocol: 1, role: 'driver', driver: 'eve' });
  const gone = new Set<string>();
  reader.on('events', (frame: { gone?: { orderID: string }[] }) => {
    for (const { orderID } of frame.gone ?? []) gone.add(orderID);
  });
  await next(reader, 'parcels');
  const other = await openClient(hub.url, { role: 'driver', driver: 'max' });
  let isTaking = true;
  const taking = (async () => {
    for (const id of ids.slice(0, 40)) await other.send(stepOf('claimed', 'red', id));
    isTaking = false;
  })();
  const again: string[] = [];
  let pages = 0;
  for (; isTaking; pages += 1) {
    const page: OffersAnswer = await reader.emitWithAck('offers', {});
    if (page.ok) again.push(...idsOf(page).filter((id) => gone.has(id)));
  }
  await taking;
  expect(again).toEqual([]);
  expect([pages > 3, gone.size > 10]).toEqual([true, true]);
  reader.close();
  other.close();
});
