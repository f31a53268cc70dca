/** What is sent to do harm: plain clients still hear what they should, and the hub goes on. */

import { expect, it } from 'vitest';
import { about, heard, Lab, newId, order } from '../../testkit/contracts/dialect-programs.contract.ts';

const lab = new Lab();

/** JSON that no stack is deep enough for. */
const deep = '['.repeat(7_500) + ']'.repeat(7_500);

/** By somebody who is no plain client. */
async function post(body: object): Promise<number> {
  const { status } = await fetch(`${lab.hub.url}/api/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return status;
}

it('[S1] an order of our API that looks as if the hub had put it away reaches plain clients as it is', async () => {
  const [terminal, web] = [await lab.program(), await lab.socket()];
  terminal.send({ event: 'getall', payload: {} });
  const id = newId();
  const sent = { ...order(id), given: { a: '007' }, givenNumbers: [['a']] };
  const told = heard(web, 'pickup', id);
  expect(await post(sent)).toBe(201);
  expect(await told).toMatchObject({ ...sent, orderId: id });
  expect(await terminal.hears(about('pickup', id))).toMatchObject({ payload: sent });
  const late = await lab.socket();
  const offered = heard(late, 'pickup', id);
  late.emit('getall');
  expect(await offered).toMatchObject(sent);
});

it('a shop’s own part called given does not put another’s order in the place of its own', async () => {
  const web = await lab.socket();
  const id = newId();
  const sent = { ...order(id), given: order('77', 'blue') };
  const told = heard(web, 'pickup', id);
  expect(await post(sent)).toBe(201);
  expect(await told).toMatchObject({ ...sent, orderId: id });
});

it('[S1] chat that is nested thousands deep is refused, and who comes just then hears what follows', async () => {
  const [silent, loud] = [lab.line(), lab.line()];
  loud.write(`{"event":"hi","payload":1,"extra":${deep}}`);
  expect(await loud.error()).toBe('too-large');
  loud.write('{"event":"hi","payload":2}');
  await silent.line('{"event":"hi","payload":2}');
  expect(silent.heard.join()).not.toContain('extra');
});

it.each([
  ['a word through the gateway', `{"type":"message","message":"PING.","clientId":${deep}}`],
  ['a room on TCP', `{"event":"join","payload":${deep}}`],
  ['a subscription on TCP', `{"event":"subscribe","payload":${deep}}`],
])('[S1] %s that is nested thousands deep is refused, and the connection lives on', async (_, text) => {
  const line = lab.line();
  line.write(text);
  expect(await line.error()).toBe('too-large');
  line.write('{"type":"message","message":"PING."}');
  await line.message((message) => 'message' in message && message.message === 'PONG.');
});

it('[S1] a room on Socket.IO that is nested thousands deep is refused, and the connection lives on', async () => {
  const socket = await lab.socket();
  const room = { room: 'red', deep: JSON.parse('['.repeat(1_000) + ']'.repeat(1_000)) as unknown };
  const answer = new Promise((resolve) => socket.emit('join', room, resolve));
  expect(await answer).toMatchObject({ ok: false, error: { code: 'too-large' } });
  socket.emit('join', 'red');
  expect(await heard(socket, 'joined')).toBe('red');
});
