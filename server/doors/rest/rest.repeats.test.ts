import { describe, expect, it } from 'vitest';
import { adminKey, asJson, startKeyedHub } from '../../../testkit/keyed-hub.ts';
import { oneHub } from '../../../testkit/one-hub.ts';
import { startRealHub } from '../../../testkit/real-hub.ts';

const anna = {
  ...{ rule: 'FREQ=WEEKLY;BYDAY=TU', from: '2040-01-03', start: '09:00', end: '12:00' },
  timeZone: 'Europe/Berlin',
  order: { customer: 'Café Anna', address: 'Rosenweg 14', note: 'Back door' },
};

describe('where access is open', () => {
  const one = oneHub(() => startRealHub());
  const ask = async (method: string, place: string, body?: unknown) => {
    const answer = await fetch(
      `${one.hub.url}/api/stores/${place}`,
      body === undefined ? { method } : asJson(method, body),
    );
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
  };

  it('a store has an order repeat, changes it, and ends it', async () => {
    const added = await ask('POST', 'red/repeats', anna);
    expect(added).toEqual({
      status: 201,
      body: { ...anna, id: expect.stringMatching(/^[A-Z]{6}$/), next: '2040-01-03' },
    });
    const { id } = added.body;
    expect(await ask('GET', 'red/repeats')).toMatchObject({
      status: 200,
      body: { items: [{ ...anna, id }] },
    });
    const today = {
      ...anna,
      rule: 'FREQ=DAILY',
      from: '2026-01-01',
      start: '00:00',
      end: '23:59',
      timeZone: 'UTC',
    };
    const changed = await ask('PUT', `red/repeats/${id}`, today);
    expect(changed).toMatchObject({ status: 200, body: { id, rule: 'FREQ=DAILY' } });
    const day = changed.body.next;
    // The hub makes it at once.
    await expect
      .poll(async () => (await fetch(`${one.hub.url}/api/orders/red/${id}-${day}`)).status)
      .toBe(200);
    const made = await (await fetch(`${one.hub.url}/api/orders/red/${id}-${day}`)).json();
    expect(made).toMatchObject({
      parcel: { payload: { customer: 'Café Anna', note: 'Back door', dueAt: `${day}T23:59:00.000Z` } },
      records: [{ event: 'pickup', by: { role: 'vendor', id: 'red' }, via: 'hub' }],
    });
    expect((await ask('DELETE', `red/repeats/${id}`)).status).toBe(204);
    expect((await ask('DELETE', `red/repeats/${id}`)).status).toBe(404);
    expect((await ask('PUT', `red/repeats/${id}`, anna)).status).toBe(404);
    expect((await ask('GET', 'red/repeats')).body).toEqual({ items: [] });
  });

  it('takes the zone of the store’s profile, and asks for one where there is none', async () => {
    const { timeZone: _, ...zoneless } = anna;
    expect(await ask('POST', 'green/repeats', zoneless)).toMatchObject({
      status: 400,
      body: { code: 'bad-message', details: { field: 'timeZone' } },
    });
    await ask('PUT', 'green', { timeZone: 'Asia/Tokyo' });
    expect((await ask('POST', 'green/repeats', zoneless)).status).toBe(201);
  });

  it.each<[string, object]>([
    ['rule', { rule: 'FREQ=SECONDLY' }],
    ['rule', { rule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30' }],
    ['from', { from: '2026-02-30' }],
    ['start', { start: '9:00' }],
    ['start', { start: '13:00' }],
    ['end', { start: undefined, end: undefined }],
    ['timeZone', { timeZone: 'Europe/Atlantis' }],
    ['order', { order: { customer: 'Anna' } }],
    ['order', { order: { ...anna.order, dueAt: '2026-01-01T00:00:00Z' } }],
    ['every', { every: 'day' }],
  ])('what is no %s is refused, and named: %j', async (field, change) => {
    const { status, body } = await ask('POST', 'blue/repeats', { ...anna, ...change });
    expect([status, body.code, body.detail]).toEqual([400, 'bad-message', expect.stringContaining(field)]);
    expect((await ask('GET', 'blue/repeats')).body).toEqual({ items: [] });
  });

  it('[A1] another store, a driver and a customer neither see nor change it', async () => {
    const { id } = (await ask('POST', 'black/repeats', anna)).body;
    for (const as of ['store:red', 'driver:ana']) {
      for (const [method, place, body] of [
        ['GET', 'black/repeats', undefined],
        ['POST', 'black/repeats', anna],
        ['PUT', `black/repeats/${id}`, anna],
        ['DELETE', `black/repeats/${id}`, undefined],
      ] as const) {
        const answer = await ask(method, `${place}?as=${as}`, body);
        expect([answer.status, answer.body.code]).toEqual([403, 'not-allowed']);
      }
    }
    expect((await ask('GET', 'black/repeats?as=admin')).body.items).toHaveLength(1);
    // The id of another store’s repeat is none of one’s own.
    expect((await ask('DELETE', `red/repeats/${id}`)).status).toBe(404);
    expect((await ask('GET', 'black/repeats')).body.items).toHaveLength(1);
  });
});

describe('where access is keyed', () => {
  const one = oneHub(() => startKeyedHub());

  it('[A1] the store’s key and the admin’s open it, no other does', async () => {
    const get = async (key?: string) => (await one.hub.ask('/api/stores/red/repeats', key)).status;
    const { key: red } = await one.hub.issue({ role: 'vendor', store: 'red' });
    const { key: blue } = await one.hub.issue({ role: 'vendor', store: 'blue' });
    const { key: ana } = await one.hub.issue({ role: 'driver', driver: 'ana' });
    expect([await get(red), await get(adminKey)]).toEqual([200, 200]);
    expect([await get(blue), await get(ana), await get()]).toEqual([403, 403, 401]);
  });
});
