/** Sends the request on each error's page, and compares the hub's answer with the page's. */

import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { type ErrorCode, errorCodes } from './protocol/errors.ts';
import { type RealHub, startRealHub } from './testkit/real-hub.ts';
import { TcpLine } from './testkit/tcp-lines.ts';

const example = (code: ErrorCode): string =>
  /^## Example\n\n```\w+\n(.*?)^```$/ms.exec(readFileSync(`docs/errors/${code}.md`, 'utf8'))?.[1] ?? '';

const order = { store: 'red', orderID: '1', customer: 'Hulda Parker', address: '835 Meluk Pass' };

/** The parts that differ from call to call. */
function withoutTimes(value: unknown): unknown {
  const text = JSON.stringify(value, (key, one: unknown) =>
    key === 'time' || key === 'retryAfterMs' ? typeof one : one,
  );
  return JSON.parse(text) as unknown;
}

/** The problem document on the page. */
function shownProblem(code: ErrorCode): unknown {
  const [, text = ''] = /^(\{ "type".*?\})$/ms.exec(example(code)) ?? [];
  return withoutTimes(JSON.parse(text));
}

/** A request on a page: method, path, then a header, a body or a remark. */
async function send(hub: RealHub, line: string): Promise<Response> {
  const [, method = '', path = '', rest = ''] = /^(\S+) (\S+)(.*)$/.exec(line) ?? [];
  const [, key] = /idempotency-key: (\S+)/.exec(rest) ?? [];
  const [body] = /\{.*?\}/.exec(rest) ?? [];
  return fetch(hub.url + path, {
    method,
    headers: { ...(body && { 'content-type': 'application/json' }), ...(key && { 'idempotency-key': key }) },
    ...(body && { body }),
  });
}

async function startWithParcel(): Promise<RealHub> {
  const hub = await startRealHub();
  await send(hub, `POST /api/orders ${JSON.stringify(order)}`);
  await send(hub, 'POST /api/orders/red/1/claimed?as=driver:ben&name=Ben');
  return hub;
}

/** Pages that need another hub than one with a parcel claimed by Ben, or another request than the page's line. */
const special: Partial<
  Record<ErrorCode, { start?(): Promise<RealHub>; ask?(hub: RealHub): Promise<Response> }>
> = {
  unauthorized: { start: () => startRealHub({ CAPS_ADMIN_KEY: 'a-key-of-this-test' }) },
  'too-large': {
    ask: (hub) => send(hub, `POST /api/orders ${JSON.stringify({ ...order, address: 'x'.repeat(2_000) })}`),
  },
  'too-fast': {
    start: () => startRealHub({ CAPS_RATE: '0.5' }),
    async ask(hub) {
      for (let sent = 0; sent < 5; sent++) expect((await send(hub, 'GET /api/orders')).status).toBe(200);
      return send(hub, 'GET /api/orders');
    },
  },
  busy: {
    start: () => startRealHub({ CAPS_CONNECTIONS: '1' }),
    async ask(hub) {
      const first = connect(hub.tcpPort, '127.0.0.1');
      // The hub counts a connection only after its answer.
      await new Promise((resolve) => first.write('PING.\n', () => first.once('data', resolve)));
      const response = await send(hub, 'GET /api/orders');
      first.destroy();
      return response;
    },
  },
};

/** No request causes these: their pages show only the answer. */
const unasked: readonly ErrorCode[] = ['internal', 'unavailable'];
const byTcp: readonly ErrorCode[] = ['unsupported-protocol'];
const asked = errorCodes.filter((code) => !unasked.includes(code) && !byTcp.includes(code));

let hub: RealHub | undefined;
afterEach(() => hub?.close());

it.each(asked)('the hub answers the request on the page of %s as shown', async (code) => {
  const { start = startWithParcel, ask } = special[code] ?? {};
  hub = await start();
  const lines = example(code).match(/^(GET|POST) .*/gm) ?? [];
  expect(lines).not.toEqual([]);
  let response: Response | undefined = ask && (await ask(hub));
  if (!ask) for (const line of lines) response = await send(hub, line);
  const problem = (await response?.json()) as { status: number };
  expect(withoutTimes(problem)).toEqual(shownProblem(code));
  expect(response?.status).toBe(problem.status);
  const [, retryAfter] = /^retry-after: (\d+)$/m.exec(example(code)) ?? [];
  expect(response?.headers.get('retry-after')).toBe(retryAfter ?? null);
});

it('the hub answers the TCP lines on the pages of not-json and unsupported-protocol as shown', async () => {
  hub = await startRealHub();
  for (const code of ['not-json', 'unsupported-protocol'] as const) {
    const [, sent = '', shown = ''] =
      /^(?:→|TCP) +(.*)\n(?:← )?(\{ "event": "error".*)/ms.exec(example(code)) ?? [];
    const line = new TcpLine(hub.tcpPort);
    line.write(`${sent}\n`);
    const answer: unknown = JSON.parse(await line.line(({ event }) => event === 'error'));
    line.socket.destroy();
    expect(answer).toEqual(JSON.parse(shown));
  }
});
