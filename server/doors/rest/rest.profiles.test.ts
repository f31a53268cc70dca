import { describe, expect, it } from 'vitest';
import { adminKey, asJson, startKeyedHub } from '../../../testkit/keyed-hub.ts';
import { oneHub } from '../../../testkit/one-hub.ts';
import { startRealHub } from '../../../testkit/real-hub.ts';
import { openClient, orderOf } from '../../../testkit/test-client.ts';

const zoe = {
  ...{ name: 'Zoë’s flowers', phone: '+1 (206) 555-0199', email: 'zoe@flowers.example' },
  ...{ address: '1206 Pike Street', hours: 'Mon–Sat 9–18' },
};

describe('where access is open', () => {
  const one = oneHub(() => startRealHub());
  const put = (store: string, profile: unknown, as = '') =>
    fetch(`${one.hub.url}/api/stores/${store}${as}`, asJson('PUT', profile));
  const get = async (store: string) => (await fetch(`${one.hub.url}/api/stores/${store}`)).json();

  it('a shop says how it is reached, changes it, and takes it back', async () => {
    expect(await get('red')).toEqual({});
    const answer = await put('red', zoe);
    expect([answer.status, await answer.json()]).toEqual([200, zoe]);
    expect(await get('red')).toEqual(zoe);
    // What a form sends whose fields were emptied.
    await put('red', { name: ' Zoë ', phone: '', email: '', address: ' ' });
    expect(await get('red')).toEqual({ name: 'Zoë' });
    expect(await (await put('red', {})).json()).toEqual({});
    expect(await get('red')).toEqual({});
  });

  it('a shop says what it tells customers, where its clock stands, and which proofs it asks for', async () => {
    const told = { told: 'We ring twice.', timeZone: 'Europe/Berlin', leadMinutes: 0 };
    const profile = { ...told, proofs: { delivery: { pin: 'required', photo: 'warned' }, collection: {} } };
    expect(await (await put('green', profile)).json()).toEqual(profile);
    expect(await get('green')).toEqual(profile);
    await put('green', { told: '', timeZone: '' });
    expect(await get('green')).toEqual({});
  });

  it.each<[string, unknown]>([
    ['told', { told: 'x'.repeat(501) }],
    ['timeZone', { timeZone: 'Europe/Atlantis' }],
    ['timeZone', { timeZone: '+01:00' }],
    ['leadMinutes', { leadMinutes: -1 }],
    ['leadMinutes', { leadMinutes: 10_081 }],
    ['proofs', { proofs: { delivery: { photo: 'maybe' } } }],
    ['proofs', { proofs: { birth: {} } }],
    ['phone', { phone: 'call me' }],
    ['phone', { phone: '5'.repeat(41) }],
    ['phone', { phone: 'javascript:12' }],
    ['email', { email: 'zoe' }],
    ['email', { email: `${'z'.repeat(250)}@a.example` }],
    ['name', { name: 'x'.repeat(201) }],
    ['name', { name: 'two\nlines' }],
    ['name', { name: 7 }],
    ['name', { name: '\u200b' }],
    ['name', { name: 'two\u2028lines' }],
    ['name', { name: '\u202eevil' }],
    ['address', { address: '\u00ad\u2060' }],
    ['address', { address: 'half \ud800' }],
    ['hours', { hours: '\u2066x' }],
    ['phone', { phone: '12\u202834' }],
    ['hours', { hours: ['Mon'] }],
    ['web', { web: 'https://flowers.example' }],
  ])('what is no %s is refused, and named: %j', async (field, profile) => {
    const answer = await put('blue', profile);
    expect(answer.status).toBe(400);
    const { code, detail } = (await answer.json()) as { code: string; detail: string };
    expect([code, detail]).toEqual(['bad-message', expect.stringContaining(field)]);
    expect(await get('blue')).toEqual({});
  });

  it('names all that is wrong at once, the first of it as ever', async () => {
    const answer = await put('blue', {
      phone: 'call me',
      email: 'zoe',
      leadMinutes: -1,
      web: 'x',
      name: 'Zoë',
    });
    expect(answer.status).toBe(400);
    const { detail, details } = (await answer.json()) as {
      detail: string;
      details: { field: string; problems: { field: string; message: string }[] };
    };
    const { field, problems } = details;
    expect([field, detail]).toEqual(['phone', 'phone: Is not a phone number.']);
    expect(problems.map((one) => one.field)).toEqual(['phone', 'email', 'leadMinutes', 'web']);
    expect(problems[0]).toEqual({ field: 'phone', message: 'Is not a phone number.' });
    expect(await get('blue')).toEqual({});
  });

  it('[A1] another store is refused', async () => {
    await put('green', zoe);
    expect((await put('green', {}, '?as=store:red')).status).toBe(403);
    const answer = await fetch(`${one.hub.url}/api/stores/green?as=store:red`);
    expect([answer.status, await answer.text()]).toEqual([403, expect.not.stringContaining('Zoë')]);
    expect((await put('green', { name: 'Green' }, '?as=admin')).status).toBe(200);
    expect(await get('green')).toEqual({ name: 'Green' });
  });

  it('[A1] a driver reads where to collect, which is no mail address, and changes nothing', async () => {
    await put('black', zoe);
    const { email: _, ...place } = zoe;
    const asAna = '/api/stores/black?as=driver:ana';
    expect(await (await fetch(one.hub.url + asAna)).json()).toEqual(place);
    expect((await put('black', {}, '?as=driver:ana')).status).toBe(403);
    expect(await get('black')).toEqual(zoe);
    expect(await (await fetch(`${one.hub.url}/api/stores/nowhere?as=driver:ana`)).json()).toEqual({});
  });

  it('a customer reads on their page whom to ask', async () => {
    const shop = await openClient(one.hub.url, { role: 'vendor', store: 'white' });
    await shop.send(orderOf('white', '1'));
    shop.close();
    const { tracking } = (await (await fetch(`${one.hub.url}/api/orders/white/1`)).json()) as {
      tracking: string;
    };
    const token = new URL(tracking).pathname.slice('/track/'.length);
    const live = async () => {
      const abort = new AbortController();
      const { body } = await fetch(`${tracking}/live`, { signal: abort.signal });
      const { value } = (await body?.pipeThrough(new TextDecoderStream()).getReader().read()) ?? {};
      abort.abort();
      return value ?? '';
    };
    expect(await live()).not.toContain('Questions?');
    await put('white', zoe);
    const text = await live();
    for (const part of ['Zoë’s flowers</bdi> has your&nbsp;order ready', 'tel:+12065550199', 'mailto:zoe']) {
      expect(text).toContain(part);
    }
    const headers = { authorization: `Bearer ${token}` };
    expect(await (await fetch(`${one.hub.url}/api/stores/white`, { headers })).json()).toEqual(zoe);
    expect((await fetch(`${one.hub.url}/api/stores/green`, { headers })).status).toBe(403);
    const writing = { ...asJson('PUT', {}), headers: { ...headers, 'content-type': 'application/json' } };
    expect((await fetch(`${one.hub.url}/api/stores/white`, writing)).status).toBe(403);
  });
});

describe('where access is keyed', () => {
  const one = oneHub(() => startKeyedHub());

  it('[A1] a profile is written and read with the key of its store or an admin’s; drivers read where to collect', async () => {
    const { key: red } = await one.hub.issue({ role: 'vendor', store: 'red' });
    const { key: blue } = await one.hub.issue({ role: 'vendor', store: 'blue' });
    const { key: ana } = await one.hub.issue({ role: 'driver', driver: 'ana' });
    const path = '/api/stores/red';
    expect((await one.hub.ask(path, undefined, asJson('PUT', zoe))).status).toBe(401);
    expect((await one.hub.ask(path, red, asJson('PUT', zoe))).status).toBe(200);
    for (const key of [red, adminKey]) expect(await (await one.hub.ask(path, key)).json()).toEqual(zoe);
    expect((await one.hub.ask(path, blue)).status).toBe(403);
    const { email: _, ...place } = zoe;
    expect(await (await one.hub.ask(path, ana)).json()).toEqual(place);
    for (const key of [blue, ana]) expect((await one.hub.ask(path, key, asJson('PUT', {}))).status).toBe(403);
    expect(await (await one.hub.ask(path, red)).json()).toEqual(zoe);
  });
});
