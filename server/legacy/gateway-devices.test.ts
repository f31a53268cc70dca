/** Devices of the vehicle gateway against the real hub, in JSON and in text. */

import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import type { Device } from '../../protocol/devices.ts';
import {
  type Fields,
  isFields,
  Lab,
  newId,
  order,
} from '../../testkit/contracts/dialect-programs.contract.ts';
import { GatewayDevice } from '../../testkit/gateway-device.ts';
import { startRealHub } from '../../testkit/real-hub.ts';
import { TcpLine } from '../../testkit/tcp-lines.ts';

const lab = new Lab();
const open: { close(): void }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

function device(id?: string): GatewayDevice {
  const made = new GatewayDevice(lab.hub.tcpPort, id);
  open.push(made);
  return made;
}

async function known(id: string): Promise<Device> {
  const response = await fetch(`${lab.hub.url}/api/devices/${id}`);
  expect(response.status).toBe(200);
  return (await response.json()) as Device;
}

const told = (word: string, lat: unknown = 45.5, lon: unknown = -8.25, battery: unknown = 47) =>
  `${word}. I'M HERE ${lat} ${lon}, RUNNING AND CHARGED AT ${battery}%.`;
const report = { position: { lat: 45.5, lon: -8.25 }, status: 'RUNNING', battery: 47 };

// ---- being greeted ----

describe('a client that says nothing', () => {
  it('is greeted after 300 ms, by a hub that can be told from another', async () => {
    const one = device();
    const greeting = await one.hears(({ type }) => type === 'connected');
    expect(greeting).toEqual({
      ...{ type: 'connected', event: 'connected', payload: {}, message: 'Connected to server' },
      serverId: expect.stringMatching(/^[0-9a-f]{8}$/),
    });
    const another = await startRealHub();
    const other = new GatewayDevice(another.tcpPort);
    expect((await other.hears(({ type }) => type === 'connected')).serverId).not.toBe(greeting.serverId);
    other.close();
    await another.close();
  });

  it('is the only one: not who speaks at once, nor who says who they are', async () => {
    const speaks = await lab.program();
    speaks.send({ event: 'chat', payload: 1 });
    const bound = lab.line();
    bound.write({ event: 'hello', payload: { role: 'driver', driver: 'ana' } });
    const silent = await lab.program();
    await silent.hears(({ event }) => event === 'connected');
    expect(speaks.heard.map(({ event }) => event)).not.toContain('connected');
    expect(bound.heard.join()).not.toContain('"connected"');
  });

  it.each<[reader: string, read: (message: Fields) => unknown]>([
    ['switches on the event', ({ event, payload }) => (event === 'pickup' ? payload : undefined)],
    ['takes apart every payload', ({ event, payload }) => ({ ...(payload as Fields), event })],
    ['logs the event in capitals', ({ event }) => String(event).toUpperCase()],
    ['compares the order with its own', ({ payload }) => (payload as Fields)['orderID'] === '1'],
  ])('ignores the greeting: a reader of the lab that %s', async (_, read) => {
    const program = await lab.program();
    const seen: unknown[] = [];
    program.socket.on('data', () => seen.push(read(program.heard.at(-1) ?? {})));
    await program.hears(({ event }) => event === 'connected');
    const id = newId();
    const shop = await lab.program();
    shop.send({ event: 'pickup', payload: order(id) });
    const offer = await program.hears(({ payload }) => isFields(payload) && payload['orderID'] === id);
    program.send({ event: 'in-transit', payload: offer['payload'] });
    program.send({ event: 'delivered', payload: offer['payload'] });
    await shop.hears(
      ({ event, payload }) => event === 'delivered' && isFields(payload) && payload['orderID'] === id,
    );
    expect(seen.length).toBeGreaterThan(1);
  });
});

// ---- talking ----

describe('a device', () => {
  it('says hello, and the hub knows it by its id', async () => {
    const one = device();
    const hi = await one.hears(({ type }) => type === 'message');
    const { serverId } = one;
    expect(hi).toEqual({ type: 'message', message: 'HI, NICE TO MEET YOU!', clientId: one.id, serverId });
    const time = expect.any(String);
    const shown = { id: one.id, hub: serverId, connected: true, connectedAt: time, lastSeen: time };
    expect(await known(one.id)).toEqual(shown);
    const { items } = (await (await fetch(`${lab.hub.url}/api/connections`)).json()) as { items: Fields[] };
    expect(items).toContainEqual(
      expect.objectContaining({ role: 'plain', name: one.id, door: 'tcp', device: {} }),
    );
  });

  it('sends heartbeats and reports, which are thanked for and shown', async () => {
    const one = await device().met();
    expect(await one.asks('PING.')).toBe('PONG.');
    expect(await one.asks(told('REPORT'))).toBe('OK, THANKS!');
    expect(await known(one.id)).toMatchObject({ ...report, reportedAt: expect.any(String) });
    const { items } = (await (await fetch(`${lab.hub.url}/api/connections`)).json()) as { items: Fields[] };
    expect(items).toContainEqual(expect.objectContaining({ name: one.id, device: report }));
  });

  it('says goodbye, and is known as away', async () => {
    const one = await device().met();
    await one.asks(told('REPORT'));
    expect(await one.asks('GOTTA GO.')).toBe('SEE YA!');
    await one.ended;
    expect(await known(one.id)).toMatchObject({ ...report, connected: false });
    const back = await device(one.id).met();
    expect(await known(one.id)).toMatchObject({ ...report, connected: true });
    back.say('SEE YA!', 'reply');
    await back.ended;
  });

  it('has one connection: the latest has it, and the other is told and ended', async () => {
    const first = await device().met();
    const second = device(first.id.toUpperCase());
    await first.hears(({ message }) => /^ERROR: Another connection/.test(message ?? ''));
    await first.ended;
    await second.met();
    expect(await second.asks('PING.')).toBe('PONG.');
    expect(await known(first.id)).toMatchObject({ connected: true });
  });

  it.each([
    ["HELLO, I'M bob!", /UUID/],
    [told('REPORT', 91), /latitude.*-90 to 90.*"91"/],
    [told('REPORT', 1, -181), /longitude/],
    [told('FINE', 1, 1, 101), /charge.*0 to 100.*"101"/],
    ['REPORT.', /reads/],
    ['WTF! 13\n72,101', /not understood/],
    ['ERROR', /not understood/],
  ])('[S1] is told what is wrong with %j, and may go on', async (said, problem) => {
    const one = await device().met();
    await one.asks(told('REPORT'));
    expect(await one.asks(said)).toMatch(problem);
    expect(await known(one.id)).toMatchObject(report);
    await lab.dispatch.notice('bad-message');
    expect(await one.asks('PING.')).toBe('PONG.');
  });

  it('is one device, and says hello before it reports', async () => {
    const one = await device().met();
    expect(await one.asks(`HELLO, I'M ${randomUUID()}!`)).toMatch(/This connection is the device/);
    expect(await one.asks(`HELLO, I'M ${one.id}!`)).toBe('HI, NICE TO MEET YOU!');
    const hasty = lab.line();
    hasty.write({ type: 'message', message: told('REPORT') });
    const { message } = await hasty.message(({ type }) => type === 'message');
    expect(message).toMatch(/^ERROR: Say hello first/);
  });

  it('is answered before the records that wait for it', async () => {
    const one = await device().met();
    const shop = await lab.program();
    const ids = Array.from({ length: 20 }, newId);
    for (const id of ids) shop.send({ event: 'pickup', payload: order(id) });
    await lab.dispatch.record('pickup', ids.at(-1) ?? '');
    expect(await one.asks('PING.')).toBe('PONG.');
    const records = () =>
      one.heard.filter((message) => 'event' in message && message.event === 'pickup').length;
    expect(records()).toBeLessThan(20);
    while (records() < 20) await once(one.socket, 'data');
  });
});

// ---- in text ----

describe('in text a device', () => {
  it.each(['\n', ''])('is answered in text; each message ends with %j', async (end) => {
    const line = lab.line();
    const id = randomUUID();
    const asks = async (said: string, answer: string) => {
      line.write(said + end);
      await line.line(answer);
      line.heard.splice(0);
    };
    await asks(`HELLO, I'M ${id}!`, 'HI, NICE TO MEET YOU!');
    await asks('PING.', 'PONG.');
    await asks(told('REPORT'), 'OK, THANKS!');
    expect(await known(id)).toMatchObject({ connected: true, ...report });
    line.write(told('REPORT', 91) + end);
    const { payload } = await line.message(({ event }) => event === 'error');
    expect(payload).toMatchObject({ code: 'bad-message', message: expect.stringContaining('latitude') });
    const asked = fetch(`${lab.hub.url}/api/devices/${id}/commands?wait=10`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ message: 'HEY YOU, RUN!' }),
    });
    await line.message(({ type }) => type === 'command');
    line.write(`DONE!${end}`);
    expect(await (await asked).json()).toMatchObject({ answer: { message: 'DONE!' } });
    await asks('GOTTA GO.', 'SEE YA!');
    await line.ended;
  });

  it('says hello first; and whoever is no device gets the door’s own goodbye', async () => {
    const line = lab.line();
    line.write(`${told('REPORT')}\n`);
    const { payload } = await line.message(({ event }) => event === 'error');
    expect(payload).toMatchObject({ message: expect.stringContaining('Say hello first') });
    line.write('GOTTA GO.');
    await line.line('BYE.');
    const json = lab.line();
    json.write({ type: 'message', message: 'GOTTA GO.', clientId: 'x' });
    expect(await json.message(({ message }) => message === 'BYE.')).toMatchObject({ clientId: 'x' });
    await Promise.all([line.ended, json.ended]);
  });

  it('is told in text that another connection has its id', async () => {
    const line = lab.line();
    const id = randomUUID();
    line.write(`HELLO, I'M ${id}!`);
    await line.line('HI, NICE TO MEET YOU!');
    const other = device(id);
    expect(await line.error()).toBe('bad-message');
    await line.ended;
    await other.met();
  });
});

it('devices are refused where access is keyed, with one line', async () => {
  const keyed = await startRealHub({ CAPS_ADMIN_KEY: 'adm_first' });
  const line = new TcpLine(keyed.tcpPort);
  line.write(`HELLO, I'M ${randomUUID()}!\n`);
  expect(await line.error()).toBe('unauthorized');
  await line.ended;
  expect(line.heard).toHaveLength(1);
  const { items } = (await (
    await fetch(`${keyed.url}/api/devices`, { headers: { authorization: 'Bearer adm_first' } })
  ).json()) as { items: Device[] };
  expect(items).toEqual([]);
  await keyed.close();
});
