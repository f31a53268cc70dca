/** Every message with an id is answered with it: who keeps a queue of questions must not wait for ever. */

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type RealHub, startRealHub } from '../../../testkit/real-hub.ts';
import { TcpLine } from '../../../testkit/tcp-lines.ts';
import { dial, next, orderOf } from '../../../testkit/test-client.ts';

let hub: RealHub;
const lines: TcpLine[] = [];
beforeAll(async () => {
  hub = await startRealHub();
});
afterEach(() => {
  for (const line of lines.splice(0)) line.close();
  expect(hub.faults).toEqual([]);
});
afterAll(() => hub.close());

function opened(): TcpLine {
  const line = new TcpLine(hub.tcpPort);
  lines.push(line);
  return line;
}

async function bound(): Promise<TcpLine> {
  const line = opened();
  line.write({ event: 'hello', payload: { role: 'vendor', store: 'red' } });
  await line.message(({ event }) => event === 'welcome');
  return line;
}

describe('a message of who has said hello is answered by its id', () => {
  const id = 'the id';
  it.each([
    ['no payload', { event: 'pickup', id }],
    ['no event', { payload: {}, id }],
    ['nothing else', { id }],
    ['an event that is a number', { event: 7, payload: {}, id }],
    ['a payload of null', { event: 'pickup', payload: null, id }],
    ['an unknown event', { event: 'explode', payload: {}, id }],
    ['a key twice', `{"event":"pickup","payload":{"store":"red"},"payload":{"store":"blue"},"id":"${id}"}`],
    ['a duty of a shop', { event: 'duty', payload: 'on', id }],
  ])('with %s', async (_, message) => {
    const line = await bound();
    line.write(message);
    const { id: said, payload } = await line.message(({ event }) => event === 'answer');
    expect([said, payload]).toEqual([
      id,
      { ok: false, error: expect.objectContaining({ retryable: false }) },
    ]);
  });

  it.each([7, 0, 'x'.repeat(500)])('also by one that no command may have: %j', async (said) => {
    const line = await bound();
    line.write({ ...orderOf('red', 'odd id'), id: said });
    const answer = JSON.parse(await line.line(({ event }) => event === 'answer'));
    expect(answer).toMatchObject({ id: said, payload: { ok: false, error: { details: { field: 'id' } } } });
  });
});

const deep = `${'['.repeat(50)}${']'.repeat(50)}`;
const changed = ['9007199254740993', '-9007199254740993', '1e400', '-0', '0.1234567890123456789', '1e-400'];

describe.each([
  ['a command', (id: string) => `{"event":"pickup","payload":{"store":"red"},"id":${id}}`],
  ['what is nested too deep', (id: string) => `{"event":"pickup","payload":${deep},"id":${id}}`],
  ['no message', (id: string) => `{"text":"\\"id\\":5,","list":[{"id":4},3],"i\\u0064" : ${id} }`],
  ['a duty', (id: string) => `{"event":"duty","payload":"on","id":${id}}`],
  ['a hello', (id: string) => `{"event":"hello","payload":{"role":"nobody"},"id":${id}}`],
])('an id that JavaScript would make another is answered as it came: %s', (what, messageOf) => {
  it.each(changed)('%s', async (id) => {
    const line = what === 'a hello' ? opened() : await bound();
    line.write(messageOf(id));
    const answer = await line.line(({ event }) => event === (what === 'a hello' ? 'error' : 'answer'));
    expect(answer).toContain(`"id":${id},`);
  });
});

it('an error about a plain client’s message has the message’s id', async () => {
  const line = opened();
  line.write({ event: 'delivered', payload: { store: 'red', orderID: 'nobody knows' }, id: 'p1' });
  expect(await line.message(({ event }) => event === 'error')).toMatchObject({
    id: 'p1',
    payload: { code: 'unknown-parcel' },
  });
});

it('a hello that has an id and nothing else is refused with it', async () => {
  const line = opened();
  line.write({ event: 'hello', id: 'h0' });
  expect(await line.message(({ event }) => event === 'error')).toMatchObject({
    id: 'h0',
    payload: { code: 'bad-message', details: { field: 'role' } },
  });
});

it.each([
  ['another version', { protocol: 9, role: 'admin' }],
  ['a shop without a store', { role: 'vendor' }],
])('a hello that is refused says as much as on Socket.IO: %s', async (_, payload) => {
  const line = opened();
  line.write({ event: 'hello', payload, id: 'h1' });
  const refused = await line.message(({ event }) => event === 'error');
  const socket = dial(`${hub.url}/caps`, { protocol: 1, ...payload });
  const { data } = await next<Error & { data: { details: object } }>(socket, 'connect_error');
  socket.close();
  expect(data.details).toBeTypeOf('object');
  expect(refused).toEqual({ event: 'error', id: 'h1', payload: data });
});
