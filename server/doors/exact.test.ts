/** JSON says more than JavaScript keeps: what cannot be given back as it came is refused, at every door, by name. */

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import type { Answer } from '../../protocol/messages.ts';
import { type RealHub, startRealHub } from '../../testkit/real-hub.ts';
import { TcpLine } from '../../testkit/tcp-lines.ts';
import { openClient, type TestClient } from '../../testkit/test-client.ts';
import { ExactDecoder, lossesOfBatch } from './socketio/decoder.ts';

let hub: RealHub;
let dispatch: TestClient;
beforeAll(async () => {
  hub = await startRealHub({ CAPS_RATE: 'off' });
  dispatch = await openClient(hub.url, { role: 'admin' });
});
afterAll(async () => {
  dispatch.close();
  await hub.close();
});
afterEach(() => expect(hub.faults).toEqual([]));

/** Sends the texts of orders, whatever they say, as the shop `red`; answers in the same order. */
interface Sender {
  send(...orders: string[]): Promise<Answer[]>;
  close(): void;
}

const byRest = async (): Promise<Sender> => ({
  async send(...orders) {
    const answers: Answer[] = [];
    for (const body of orders) {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(`${hub.url}/api/orders`, { method: 'POST', headers, body });
      const said = await response.json();
      answers.push(response.ok ? said : { ok: false, error: { ...said, message: said.detail } });
    }
    return answers;
  },
  close() {},
});

async function byTcp(): Promise<Sender> {
  const line = new TcpLine(hub.tcpPort);
  line.write({ event: 'hello', payload: { role: 'vendor', store: 'red' } });
  await line.message(({ event }) => event === 'welcome');
  let sent = 0;
  return {
    async send(...orders) {
      const ids = orders.map((_, i) => sent + i);
      sent += orders.length;
      const texts = orders.map((order, i) => `{"event":"pickup","id":"t${ids[i]}","payload":${order}}`);
      line.write(texts.join('\n'));
      const answers = await Promise.all(ids.map((id) => line.message((message) => message.id === `t${id}`)));
      return answers.map(({ payload }) => payload as unknown as Answer);
    },
    close: () => line.close(),
  };
}

/** As it stands on the wire: the library's client would write what JavaScript has kept. */
async function bySocketIo(): Promise<Sender> {
  const socket = new WebSocket(`${hub.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
  const heard: string[] = [];
  const waiting = new Set<() => void>();
  socket.on('message', (data) => {
    const text = String(data);
    if (text === '2') socket.send('3');
    if (text.startsWith('0{')) socket.send('40/caps,{"protocol":1,"role":"vendor","store":"red"}');
    heard.push(text);
    for (const check of waiting) check();
  });
  const find = (start: string) =>
    new Promise<string>((resolve) => {
      const check = () => {
        const found = heard.find((text) => text.startsWith(start));
        if (found !== undefined) resolve(found.slice(start.length));
        if (found !== undefined) waiting.delete(check);
      };
      waiting.add(check);
      check();
    });
  await find('42/caps,["welcome"');
  let sent = 0;
  return {
    async send(...orders) {
      sent += 1;
      const commands = orders.map((order) => `{"event":"pickup","payload":${order}}`);
      socket.send(`42/caps,${sent}["commands",[${commands.join(',')}]]`);
      const [answers] = JSON.parse(await find(`43/caps,${sent}`)) as [Answer[]];
      return answers;
    },
    close: () => socket.close(),
  };
}

const order = (orderID: string, more: string) =>
  `{"store":"red","orderID":"${orderID}","customer":"Hulda","address":"835 Meluk Pass"${more && `,${more}`}}`;

const lost: readonly (readonly [more: string, field: string])[] = [
  ['"lat":1e400', 'lat'],
  ['"lat":-1e400', 'lat'],
  ['"tiny":1e-400', 'tiny'],
  ['"parcel":9007199254740993', 'parcel'],
  ['"parcel": -9007199254740993', 'parcel'],
  ['"heading":-0', 'heading'],
  ['"heading":-0.0', 'heading'],
  ['"price":0.1234567890123456789', 'price'],
  ['"gift":"yes","gift":"no"', 'gift'],
  ['"gift":"yes","gif\\u0074" : "no"', 'gift'],
  ['"customer":"Ida"', 'customer'],
  ['"more":{"list":[1,{"big":12345678901234567890}]}', 'more.list.1.big'],
  ['"more":{"list":[1,{"twice":1,"a":"\\":","twice":1}]}', 'more.list.1.twice'],
];
const kept: readonly string[] = [
  '"n":[0,-0.5,1.0,1e3,0.30000000000000004,47.606200000000001,9007199254740991,5e-324]',
  '"text":"\\"a\\": 1e400, \\"a\\": 9007199254740993","a":{"a":{"a":":"}}',
];

describe.each([
  ['REST', byRest],
  ['TCP, bound', byTcp],
  ['Socket.IO', bySocketIo],
])('[S1] by %s', (door, open) => {
  let shop: Sender;
  beforeAll(async () => {
    shop = await open();
  });
  afterAll(() => shop.close());

  it.each(lost)('%s cannot be kept, and is refused as %s', async (more, field) => {
    const [answer] = await shop.send(order('lost', more));
    expect(answer).toMatchObject({ ok: false, error: { code: 'bad-message', retryable: false } });
    if (answer?.ok !== false) return;
    const said = door === 'REST' ? field : `payload.${field}`;
    expect(answer.error.details).toEqual({ field: said });
    expect(answer.error.message.startsWith(`${said}: This `)).toBe(true);
  });

  it('what stands beside it in the same batch is recorded, in its order', async () => {
    const orders = ['"x":1e400', '', '"x":1,"x":2', '"x":1'];
    const answers = await shop.send(...orders.map((more, i) => order(`${door} ${i}`, more)));
    expect(answers.map(({ ok }) => ok)).toEqual([false, true, false, true]);
  });

  it('whatever JavaScript reads as it was meant comes back the same', async () => {
    for (const [i, more] of kept.entries()) {
      const text = order(`${door} kept ${i}`, more);
      expect(await shop.send(text)).toMatchObject([{ ok: true }]);
      expect((await dispatch.record('pickup', `${door} kept ${i}`)).payload).toEqual(JSON.parse(text));
    }
  });
});

it('an order of a lab program on TCP is given back with the numbers that it came with', async () => {
  const [program, other] = [new TcpLine(hub.tcpPort), new TcpLine(hub.tcpPort)];
  const numbers = '"orderID":9007199254740993,"heading":-0.0,"price":0.1234567890123456789';
  program.write(
    `{"event":"pickup","payload":{"store":"lab","customer":"Ida","address":"1 Road",${numbers}}}`,
  );
  const told = await other.line(({ event, payload }) => event === 'pickup' && payload['store'] === 'lab');
  for (const part of numbers.split(',')) expect(told).toContain(part);
  for (const line of [program, other]) line.close();
});

it('a number in the place of a command is called by that place', () => {
  const decoder = new ExactDecoder();
  const found: unknown[] = [];
  decoder.on('decoded', ({ data }) => found.push(lossesOfBatch(data[1])?.get(1)?.details));
  decoder.add('2/caps,["commands",[{},1e400]]');
  expect(found).toEqual([{ field: 'commands.1' }]);
});
