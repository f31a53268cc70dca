import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hashOfImage, jpeg } from '../../../testkit/images.ts';
import { asJson } from '../../../testkit/keyed-hub.ts';
import { type RealHub, startRealHub } from '../../../testkit/real-hub.ts';

let hub: RealHub;
/** The customer's page of the parcel of this test. */
let page: string;
let orderID = 0;

beforeAll(async () => {
  hub = await startRealHub();
});
afterAll(async () => {
  await hub.close();
  expect(hub.faults).toEqual([]);
});
beforeEach(async () => {
  orderID += 1;
  page = await placed(`${orderID}`);
});

async function placed(id: string): Promise<string> {
  const order = { store: 'red', orderID: id, customer: 'Hulda', address: '835 Meluk Pass' };
  const answer = await fetch(`${hub.url}/api/orders`, asJson('POST', order));
  const { tracking } = (await answer.json()) as { tracking: string };
  return new URL(tracking).pathname;
}
const asks = (proofs: object) => fetch(`${hub.url}/api/stores/red`, asJson('PUT', { proofs }));
const does = (event: string, details: object = {}) =>
  fetch(`${hub.url}/api/orders/red/${orderID}/${event}?as=driver:ana`, asJson('POST', details));
const send = (image: Buffer<ArrayBuffer>) =>
  fetch(`${hub.url}/api/blobs/${hashOfImage(image)}?store=red&orderID=${orderID}&as=driver:ana`, {
    ...{ method: 'PUT', headers: { 'content-type': 'image/jpeg' }, body: image },
  });
const shown = async () => (await (await fetch(hub.url + page)).text()).replaceAll('&nbsp;', ' ');
const pinIn = (text: string) =>
  /this number at the door: <strong dir="ltr">(\d \d \d \d)<\/strong>/.exec(text)?.[1];

describe('the customer’s PIN', () => {
  it('stands on their page while a driver has the parcel, if the shop asks for it', async () => {
    await asks({ delivery: { pin: 'required' } });
    expect(pinIn(await shown())).toBeUndefined();
    await does('claimed');
    const pin = pinIn(await shown())?.replaceAll(' ', '');
    await does('in-transit');
    expect(pinIn(await shown())?.replaceAll(' ', '')).toBe(pin);
    const typed = await does('proof', { kind: 'pin', text: pin, rev: 3 });
    expect(await typed.json()).toMatchObject({ ok: true, pin: 'right' });
    await does('delivered');
    expect(pinIn(await shown())).toBeUndefined();
  });

  it('does not stand there if the shop does not ask for it', async () => {
    await asks({ delivery: { photo: 'required' } });
    await does('in-transit');
    expect(await shown()).not.toContain('number at the door');
  });
});

describe('the photo of a delivery', () => {
  const photo = jpeg('at the door');
  const proof = (kind: string, image: Uint8Array, rev: number) =>
    does('proof', { kind, blob: hashOfImage(image), rev });

  it('is on the customer’s page, without any script, once it has arrived', async () => {
    await does('in-transit');
    await does('delivered', { outcome: 'recipient', receivedBy: 'Ida' });
    expect(await shown()).not.toContain('Delivered, with proof');
    await proof('photo', photo, 3);
    expect(await shown()).toContain('The photo of the delivery is still on its way.');
    await send(photo);
    const address = `${page}/photo/${hashOfImage(photo)}`;
    const text = await shown();
    expect(text).toContain('<h2>Delivered, with proof</h2>');
    expect(text).toContain(`<img src="${address}" alt="Photo of the delivery"`);
    expect(text).not.toContain('still on its way');
    const image = await fetch(hub.url + address);
    expect(Buffer.from(await image.arrayBuffer())).toEqual(photo);
    expect(Object.fromEntries(image.headers)).toMatchObject({
      ...{ 'content-type': 'image/jpeg', 'x-content-type-options': 'nosniff' },
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'private, max-age=31536000, immutable',
    });
  });

  it('[A1] is for this customer alone; a signature, and what was collected, for nobody with a link', async () => {
    const [signature, collected] = [jpeg('a signature'), jpeg('at the shop')];
    await does('in-transit');
    await proof('photo', collected, 2);
    await does('delivered');
    await proof('signature', signature, 4);
    await proof('photo', photo, 4);
    for (const image of [photo, signature, collected]) expect((await send(image)).status).toBe(201);
    const other = await placed(`other ${orderID}`);
    const status = async (path: string, image: Uint8Array) =>
      (await fetch(`${hub.url}${path}/photo/${hashOfImage(image)}`)).status;
    expect(await status(page, photo)).toBe(200);
    for (const image of [signature, collected]) expect(await status(page, image)).toBe(404);
    expect(await status(other, photo)).toBe(404);
    expect(await status(`${page.slice(0, -3)}abc`, photo)).toBe(404);
    expect((await shown()).match(/<img/g)).toHaveLength(1);
    // Nor by the hash, with the link's token in the place of a key.
    const byHash = async (image: Uint8Array) => {
      const address = `${hub.url}/api/blobs/${hashOfImage(image)}?store=red&orderID=${orderID}`;
      return (await fetch(address, { headers: { authorization: `Bearer ${page.replace(/.*\//, '')}` } }))
        .status;
    };
    expect([await byHash(photo), await byHash(signature), await byHash(collected)]).toEqual([200, 404, 404]);
  });

  it('goes when the delivery is taken back', async () => {
    await does('in-transit');
    await does('delivered');
    await proof('photo', photo, 3);
    await send(photo);
    expect(await shown()).toContain('Delivered, with proof');
    await does('corrected', { rev: 3 });
    expect(await shown()).not.toContain('<img');
  });
});
