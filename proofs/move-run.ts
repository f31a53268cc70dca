/**
 * Moves a log from one place to the next, with a hub at each, and compares what everybody sees there with what they saw
 * before: records, orders, keys, the tracking link, a repeated command, and a reader that goes on from its cursor.
 */

import { expect } from 'vitest';
import type { EventPage, IssuedKey, ParcelLife } from '../protocol/rest.ts';
import { type HubProcess, startHub } from '../testkit/hub-process.ts';
import { openStream, recordsIn } from '../testkit/rest-client.ts';
import { runUpkeep } from '../testkit/upkeep-process.ts';

/** A place for a log. */
export interface House {
  /** Of the log itself, unless that is in a database. */
  readonly folder: string;
  readonly databaseUrl?: string | undefined;
}

const adminKey = 'the-first-admins-own-key';
const orders = 30;

/** @returns the records of the log at the end */
export async function moveRun(folderOfFiles: string, [first, ...others]: readonly House[]): Promise<number> {
  if (!first) throw new Error('a log has to be somewhere');
  await using stack = new AsyncDisposableStack();
  const open = async (house: House) => stack.adopt(await hubIn(house), (hub) => hub.dispose());
  let resident = await Resident.settle(first, open);
  for (const [i, house] of others.entries())
    resident = await resident.moveTo(house, `${folderOfFiles}/${i}.zst`);
  return resident.records;
}

/** Starts the hub of a house; it ends with the run. */
type OpenHub = (house: House) => Promise<HubProcess>;

interface Keys {
  readonly driver: IssuedKey;
  readonly revoked: IssuedKey;
}

class Resident {
  readonly #hub: HubProcess;
  readonly #house: House;
  readonly #open: OpenHub;
  readonly #keys: Keys;
  /** Of a reader who goes on reading wherever the log is. */
  #cursor = '0';
  records = 0;

  private constructor(house: House, open: OpenHub, hub: HubProcess, keys: Keys) {
    this.#house = house;
    this.#open = open;
    this.#hub = hub;
    this.#keys = keys;
  }

  static async settle(house: House, open: OpenHub): Promise<Resident> {
    const hub = await open(house);
    const driver = await issue(hub, { role: 'driver', driver: 'ana', name: 'Ana’s “phone”' });
    const revoked = await issue(hub, { role: 'vendor', store: 'red' });
    expect((await ask(hub, `/api/keys/${revoked.id}`, adminKey, 'DELETE')).status).toBe(204);
    const profile = { name: 'The red shop', phone: '555-1212' };
    expect((await ask(hub, '/api/stores/red', adminKey, 'PUT', profile)).status).toBeLessThan(300);
    const resident = new Resident(house, open, hub, { driver, revoked });
    for (let i = 0; i < orders; i += 1) {
      expect((await resident.#order(`${i}`)).status).toBe(201);
      for (const event of ['in-transit', 'delivered'].slice(0, i % 3)) {
        const path = `/api/orders/red/${i}/${event}`;
        expect((await ask(hub, path, driver.key, 'POST', {})).status).toBe(201);
      }
    }
    resident.records = orders * 2;
    await resident.#readOn(resident.records);
    return resident;
  }

  async moveTo(house: House, file: string): Promise<Resident> {
    const before = await this.#view();
    expect(await this.#hub.stop()).toBe(0);
    const exported = await runUpkeep(['export', '--to', file], { env: envOf(this.#house) });
    expect([exported.code, exported.stderr]).toEqual([0, '']);
    expect(exported.stdout).toContain(`${this.records} records, ${orders} parcels`);
    const imported = await runUpkeep(['import', '--from', file], { env: envOf(house) });
    expect([imported.code, imported.stderr]).toEqual([0, '']);
    expect(imported.stdout).toMatch(
      /^The .* has the whole log: .*, 2 keys, 1 profile, 1 of the keys revoked\.\n/,
    );
    expect(imported.stdout).toContain('readers go on from where they were');

    const next = new Resident(house, this.#open, await this.#open(house), this.#keys);
    next.#cursor = this.#cursor;
    next.records = this.records;
    expect(await next.#view()).toEqual(before);
    expect((await ask(next.#hub, '/api/orders', this.#keys.revoked.key)).status).toBe(401);
    const customer = await openStream(`${next.#hub.url}${before['link']}/live`);
    expect((await customer.until(({ event }) => event === 'state')).data).toContain('Delivered');
    customer.close();
    const repeated = await next.#order('0');
    expect(await repeated.json()).toMatchObject({ ok: true, duplicate: true, seq: 1 });
    const note = await ask(next.#hub, '/api/orders/red/3/note', adminKey, 'POST', { text: 'We have moved.' });
    expect(note.status).toBe(201);
    next.records += 1;
    await next.#readOn(1);
    return next;
  }

  /** The same order with the same command id every time. */
  #order(orderID: string): Promise<Response> {
    const order = {
      store: 'red',
      orderID,
      customer: 'Zoë “Q” \\ 🚚',
      address: '835 Meluk Pass',
      weight: 1.5,
    };
    return ask(this.#hub, '/api/orders', adminKey, 'POST', order, { 'idempotency-key': `order-${orderID}` });
  }

  /** Reads on from the cursor: as many records as are there, each once, and no reset. */
  async #readOn(count: number): Promise<void> {
    const headers = { authorization: `Bearer ${adminKey}`, 'last-event-id': this.#cursor };
    const stream = await openStream(`${this.#hub.url}/api/events`, headers);
    await stream.until(({ id, data }) => data !== undefined && id?.endsWith(`.${this.records}`) === true);
    stream.close();
    const seqs = recordsIn(stream.messages).map(({ seq }) => seq);
    expect(seqs).toEqual(Array.from({ length: count }, (_, i) => this.records - count + 1 + i));
    expect(stream.messages.filter(({ event }) => event === 'reset')).toEqual([]);
    this.#cursor = stream.messages.findLast(({ id }) => id !== undefined)?.id ?? '';
  }

  /** What people see of the log, cursors included. */
  async #view(): Promise<Record<string, string>> {
    const texts: Record<string, string> = {};
    const paths = [
      '/api/events?limit=500',
      '/api/orders?limit=500',
      '/api/orders/red/2',
      '/api/keys',
      '/api/stores/red',
    ];
    for (const path of paths) {
      const answer = await ask(this.#hub, path, adminKey);
      expect(answer.status).toBe(200);
      texts[path] = (await answer.text()).replaceAll(this.#hub.url.replace(/^.*:/, ''), 'port');
    }
    const { items } = JSON.parse(texts['/api/events?limit=500'] ?? '') as EventPage;
    expect(items).toHaveLength(this.records);
    const { tracking } = JSON.parse(texts['/api/orders/red/2'] ?? '') as ParcelLife;
    return { ...texts, link: tracking?.replace(/^.*(?=\/track\/)/, '') ?? '' };
  }
}

function envOf({ folder, databaseUrl = '' }: House): Record<string, string> {
  return { CAPS_DATA: folder, DATABASE_URL: databaseUrl };
}

function hubIn(house: House): Promise<HubProcess> {
  return startHub({ data: house.folder, env: { ...envOf(house), CAPS_ADMIN_KEY: adminKey } });
}

async function issue(hub: HubProcess, wanted: object): Promise<IssuedKey> {
  const answer = await ask(hub, '/api/keys', adminKey, 'POST', wanted);
  expect(answer.status).toBe(201);
  return (await answer.json()) as IssuedKey;
}

function ask(
  hub: HubProcess,
  path: string,
  key: string,
  method = 'GET',
  body?: object,
  more: Record<string, string> = {},
): Promise<Response> {
  const json = body === undefined ? {} : { 'content-type': 'application/json' };
  return fetch(hub.url + path, {
    method,
    headers: { authorization: `Bearer ${key}`, ...json, ...more },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}
