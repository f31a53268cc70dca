import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Answer } from '../../protocol/messages.ts';
import { asJson } from '../../testkit/keyed-hub.ts';
import { type RealHub, startRealHub } from '../../testkit/real-hub.ts';
import { openClient, openTcpClient, stepOf, type TestClient } from '../../testkit/test-client.ts';

let hub: RealHub;
let clients: TestClient[];
/** On the page of the customer. */
let right: string;
let pins: string[];

beforeAll(async () => {
  hub = await startRealHub();
  const order = { store: 'red', orderID: '1', customer: 'Hulda', address: '835 Meluk Pass' };
  const placed = await fetch(`${hub.url}/api/orders`, asJson('POST', order));
  const { tracking } = (await placed.json()) as { tracking: string };
  await fetch(`${hub.url}/api/stores/red`, asJson('PUT', { proofs: { delivery: { pin: 'required' } } }));
  await fetch(`${hub.url}/api/orders/red/1/in-transit?as=driver:ana`, { method: 'POST' });
  const page = await (await fetch(hub.url + new URL(tracking).pathname)).text();
  right = (/<strong dir="ltr">([^<]*)</.exec(page)?.[1] ?? '').replace(/\D/g, '');
  pins = Array.from({ length: 6 }, (_, at) => String((Number(right) + 1 + at) % 10_000).padStart(4, '0'));
  const ana = { role: 'driver', driver: 'ana' };
  const watch = { role: 'admin' };
  clients = [
    ...[await openClient(hub.url, ana), await openTcpClient(hub.tcpPort, ana)],
    ...[await openClient(hub.url, watch), await openTcpClient(hub.tcpPort, watch)],
  ];
});
afterAll(async () => {
  for (const client of clients) client.close();
  await hub.close();
});

const proof = (text: string) => ({ details: { kind: 'pin', text, rev: 2 } });
async function byRest(text: string): Promise<Answer> {
  const path = '/api/orders/red/1/proof?as=driver:ana';
  const answer = await fetch(hub.url + path, asJson('POST', proof(text).details));
  const body = (await answer.json()) as Record<string, unknown>;
  return (answer.ok ? body : { ok: false, error: { code: body['code'], message: body['detail'] } }) as Answer;
}
const told = (answer: Answer | undefined) => (answer?.ok ? answer.pin : answer?.error.code);

it('[S3] a script that tries PINs at three doors has five tries, and no door, log or metric has a PIN', async () => {
  expect(right).toMatch(/^\d{4}$/);
  const [bySocket, byTcp] = clients;
  const tries = [
    async (text: string) => (await bySocket?.send(stepOf('proof', 'red', '1', proof(text))))?.[0],
    async (text: string) => (await byTcp?.send(stepOf('proof', 'red', '1', proof(text))))?.[0],
    byRest,
  ];
  const answers: (Answer | undefined)[] = [];
  for (const [at, pin] of [...pins.slice(0, 5), right, pins[5] ?? '', right].entries())
    answers.push(await tries[at % 3]?.(pin));
  expect(answers.map(told)).toEqual([...Array(5).fill('wrong'), ...Array(3).fill('not-allowed')]);
  expect(JSON.stringify(answers[5])).toContain('Five PINs were wrong. Dispatch has to look at this parcel.');

  const [, , dispatch] = clients;
  expect(await dispatch?.send(stepOf('seen', 'red', '1', { details: { rev: 7 } }))).toMatchObject([
    { ok: true },
  ]);
  expect(told(await byRest(right))).toBe('right');

  const texts = [...clients.map(({ heard }) => heard), ...hub.faults, ...hub.warnings];
  for (const path of [
    '/metrics',
    '/api/events?limit=500',
    '/api/orders/red/1',
    '/api/connections',
    '/readyz',
  ])
    texts.push(await (await fetch(hub.url + path)).text());
  const all = texts.join('\n');
  expect(all).toContain('"text":"wrong"');
  for (const pin of [right, ...pins]) expect(all).not.toContain(`"${pin}"`);
});
