import { setImmediate } from 'node:timers/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Socket } from 'socket.io-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventNames } from '../../../protocol/events.ts';
import type { Answer } from '../../../protocol/messages.ts';
import { type RealHub, startRealHub } from '../../../testkit/real-hub.ts';
import { TcpLine } from '../../../testkit/tcp-lines.ts';
import { dial, next, orderOf, stepOf } from '../../../testkit/test-client.ts';
import { schemaNames } from './schemas.ts';

let hub: RealHub;
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, discriminator: true });
addFormats(ajv);

async function read(path: string): Promise<object> {
  // After tests that compute for seconds, a turn lets `fetch` know which connections the hub has closed meanwhile.
  await setImmediate();
  const response = await fetch(hub.url + path);
  expect([path, response.status, response.headers.get('content-type')]).toEqual([
    ...[path, 200, 'application/json; charset=utf-8'],
  ]);
  return response.json();
}

beforeAll(async () => {
  hub = await startRealHub();
  for (const name of schemaNames) ajv.addSchema(await read(`/schemas/${name}.json`));
});
afterAll(() => hub.close());

/** What is wrong with a message; nothing where it is right. */
function faultsOf(name: string, message: unknown): string {
  const check = ajv.getSchema(`/schemas/${name}.json`);
  if (!check) throw new Error(`There is no schema ${name}.`);
  return check(message) ? '' : ajv.errorsText(check.errors);
}

const names = ['welcome', 'parcels', 'events', 'presence'];
const record = (event: string, payload: object, details?: object) => ({
  ...{ seq: 1, event, time: '2026-11-20T18:03:11.246Z', status: 'failed', rev: 4, via: 'tcp' },
  ...{ payload: { store: 'red', orderID: '1', customer: 'Hulda', address: '835 Meluk Pass', ...payload } },
  ...{ by: { role: 'driver', id: 'ana' }, ...(details ? { details } : {}) },
});

it('every schema is one of JSON Schema 2020-12, and refers to others that are there', () => {
  for (const name of schemaNames) {
    const schema = ajv.getSchema(`/schemas/${name}.json`)?.schema;
    expect(schema).toMatchObject({
      ...{ $id: `/schemas/${name}.json`, $schema: 'https://json-schema.org/draft/2020-12/schema' },
    });
  }
  expect(schemaNames).toContain('more-offers');
});

it('a record is one of as many kinds as there are events, each with its own details', () => {
  const { schema } = ajv.getSchema('/schemas/record.json') ?? {};
  const kinds = (schema as { oneOf: { properties: { event: { const: string } } }[] }).oneOf;
  expect(kinds.map(({ properties }) => properties.event.const).sort()).toEqual([...eventNames].sort());
  expect(faultsOf('record', record('attempt-failed', {}, { reason: 'not-home' }))).toBe('');
  expect(faultsOf('record', record('attempt-failed', {}, { reason: 'no idea' }))).toContain('details/reason');
  expect(faultsOf('record', record('attempt-failed', {}))).toContain("'details'");
  expect(faultsOf('record', record('delivered', { gate: 4 }))).toBe('');
  // As a newer hub may have them.
  expect(faultsOf('record', record('delivered', {}, { outcome: 'mailbox', photo: 'a' }))).toBe('');
});

it('whatever the hub sends and takes by Socket.IO fits its schema, over a parcel’s whole life', async () => {
  const heard: [string, unknown][] = [];
  const listen = (socket: Socket) => {
    socket.on('notice', (notices: unknown[]) =>
      heard.push(...notices.map((one): [string, unknown] => ['notice', one])),
    );
    for (const name of names) socket.on(name, (message) => heard.push([name, message]));
  };
  const handshakes = [
    { protocol: 1, role: 'admin', name: 'Zoë' },
    { protocol: 1, role: 'vendor', store: 'red' },
    { protocol: 1, role: 'driver', driver: 'ana', name: 'Ana' },
  ];
  const sockets = handshakes.map((auth) => dial(`${hub.url}/caps`, auth));
  for (const socket of sockets) listen(socket);
  await Promise.all(sockets.map((socket) => next(socket, 'welcome')));
  const [admin, vendor, driver] = sockets;
  const send = async (socket: Socket | undefined, ...commands: object[]) => {
    for (const command of commands) expect(faultsOf('command', command)).toBe('');
    const answers: Answer[] = await socket?.emitWithAck('commands', commands);
    for (const answer of answers) expect(faultsOf('answer', answer)).toBe('');
    return answers.map(({ ok }) => ok);
  };
  expect(await send(vendor, orderOf('red', '1'))).toEqual([true]);
  const steps = [
    ...[stepOf('claimed', 'red', '1'), stepOf('in-transit', 'red', '1')],
    stepOf('attempt-failed', 'red', '1', { details: { reason: 'not-home', text: 'A dog.' } }),
    ...[stepOf('retried', 'red', '1'), stepOf('note', 'red', '1', { details: { text: 'Ring twice.' } })],
  ];
  expect(await send(driver, ...steps)).toEqual(steps.map(() => true));
  const reassigned = { details: { driver: 'ben', name: 'Ben' } };
  expect(await send(admin, stepOf('reassigned', 'red', '1', reassigned))).toEqual([true]);
  const noticed = next(admin as Socket, 'notice');
  expect(await send(driver, stepOf('delivered', 'red', '1'))).toEqual([false]);
  expect(await send(admin, stepOf('corrected', 'red', '1', { details: { rev: 7 } }))).toEqual([true]);
  const delivered = stepOf('delivered', 'red', '1', { details: { outcome: 'mailbox' } });
  expect(await send(driver, delivered)).toEqual([true]);
  const offers = await driver?.emitWithAck('offers', {});
  expect(faultsOf('offers', offers)).toBe('');
  while (!JSON.stringify(heard).includes('"status":"delivered"')) await next(admin as Socket, 'events');
  await noticed;
  for (const socket of sockets) socket.close();

  expect(handshakes.map((auth) => faultsOf('handshake', auth))).toEqual(['', '', '']);
  expect(heard.map(([name, message]) => [name, faultsOf(name, message)])).toEqual(
    heard.map(([name]) => [name, '']),
  );
  expect(new Set(heard.map(([name]) => name))).toEqual(new Set([...names, 'notice']));
});

it('whatever the AsyncAPI document gives as an example fits the message that it is of', async () => {
  const document = (await read('/asyncapi.json')) as {
    components: { messages: Record<string, { payload: object; examples: { payload: unknown }[] }> };
  };
  const checks = new Ajv2020({ strict: true, allowUnionTypes: true });
  addFormats(checks);
  checks.addKeyword('asyncapi').addVocabulary(['info', 'servers', 'channels', 'operations', 'components']);
  checks.addSchema(document, '/asyncapi.json');
  const messages = Object.entries(document.components.messages);
  expect(messages.length).toBeGreaterThan(20);
  for (const [name, { examples }] of messages) {
    for (const { payload } of examples) {
      const isRight = checks.validate(`/asyncapi.json#/components/messages/${name}/payload`, payload);
      expect([name, isRight ? '' : checks.errorsText()]).toEqual([name, '']);
    }
  }
});

it('a line of TCP fits the message that the AsyncAPI document has for it', async () => {
  const document = (await read('/asyncapi.json')) as {
    channels: { tcp: { messages: Record<string, object> } };
  };
  const line = new TcpLine(hub.tcpPort);
  line.write({ event: 'hello', payload: { role: 'driver', driver: 'eva' }, id: 1 });
  await line.line(({ event }) => event === 'welcome');
  line.write({ event: 'offers', payload: {}, id: 'o1' });
  line.write('{"event":"duty","payload":"on"}\n');
  line.write('PING.\n{"event":\n');
  await line.line(({ event }) => event === 'error');
  line.close();
  const known = Object.keys(document.channels.tcp.messages);
  const events = line.heard.filter((one) => one.startsWith('{')).map((one) => JSON.parse(one).event);
  expect(events.filter((event) => !known.includes(event))).toEqual([]);
  expect(events).toEqual(expect.arrayContaining(['welcome', 'parcels', 'answer', 'error']));
});

it('the index names every schema there is, with its address', async () => {
  const { items } = (await read('/schemas')) as { items: { name: string; href: string }[] };
  expect(items.map(({ name }) => name).toSorted()).toEqual(schemaNames.toSorted());
  for (const { name, href } of items)
    expect(await read(href)).toMatchObject({ $id: `/schemas/${name}.json` });
  expect((await fetch(`${hub.url}/schemas`, { method: 'POST' })).headers.get('allow')).toBe(
    'GET, HEAD, OPTIONS',
  );
});

it.each(['/schemas/nothing.json', '/schemas/record'])('there is no %s', async (path) => {
  expect((await fetch(hub.url + path)).status).toBe(404);
});
