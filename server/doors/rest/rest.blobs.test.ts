import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashOfImage, jpeg, png, webp } from '../../../testkit/images.ts';
import { asJson, type KeyedHub, startKeyedHub } from '../../../testkit/keyed-hub.ts';
import { type RealHub, startRealHub } from '../../../testkit/real-hub.ts';

const image = jpeg('a photo');
const hash = hashOfImage(image);

const address = (of: string, parcel = 'store=red&orderID=1', as = '') =>
  `/api/blobs/${of}?${parcel}${as && `&as=${as}`}`;
const bodyOf = (bytes: Uint8Array<ArrayBuffer>, type = 'image/jpeg'): RequestInit => ({
  ...{ method: 'PUT', headers: { 'content-type': type }, body: bytes },
});
async function problemOf(answer: Response) {
  const { status, code, detail, details } = (await answer.json()) as Record<string, unknown>;
  return { status, code, detail, details };
}

describe('where access is open', () => {
  let hub: RealHub;
  beforeAll(async () => {
    hub = await startRealHub();
    const order = { store: 'red', orderID: '1', customer: 'Hulda', address: '835 Meluk Pass' };
    await fetch(`${hub.url}/api/orders`, asJson('POST', order));
    await fetch(`${hub.url}/api/orders/red/1/in-transit?as=driver:ana`, { method: 'POST' });
  });
  afterAll(async () => {
    await hub.close();
    expect(hub.faults).toEqual([]);
  });
  const put = (bytes: Uint8Array<ArrayBuffer>, type?: string, as = 'driver:ana') =>
    fetch(hub.url + address(hashOfImage(bytes), undefined, as), bodyOf(bytes, type));

  it.each([
    ['JPEG', image, 'image/jpeg'],
    ['PNG', png('a photo'), 'image/png'],
    ['WebP', webp(), 'image/webp'],
  ])('a courier’s %s is kept, and comes back as what it is', async (_, bytes, type) => {
    const sent = await put(bytes, 'image/png');
    const told = { hash: hashOfImage(bytes), type, bytes: bytes.length, width: 640, height: 480 };
    expect([sent.status, await sent.json()]).toEqual([201, told]);
    expect((await put(bytes, type)).status).toBe(200);
    const read = await fetch(hub.url + address(hashOfImage(bytes)));
    expect(Buffer.from(await read.arrayBuffer())).toEqual(bytes);
    expect(Object.fromEntries(read.headers)).toMatchObject({
      ...{ 'content-type': type, 'content-disposition': 'inline', 'x-content-type-options': 'nosniff' },
      ...{ 'content-security-policy': "default-src 'none'; sandbox", vary: expect.stringMatching(/auth/i) },
      'cache-control': 'private, max-age=31536000, immutable',
    });
    const etag = read.headers.get('etag') ?? '';
    const again = await fetch(hub.url + address(hashOfImage(bytes)), {
      headers: { 'if-none-match': etag, 'cache-control': 'max-age=0' },
    });
    expect(again.status).toBe(304);
  });

  it.each<[string, Uint8Array<ArrayBuffer>, string, number, string]>([
    ['an SVG', Buffer.from('<svg onload="alert(1)"/>'), 'image/svg+xml', 415, 'image/jpeg'],
    [
      'an SVG called a PNG',
      Buffer.from('<svg onload="alert(1)"/>'),
      'image/png',
      400,
      'no JPEG, PNG or WebP',
    ],
    ['a page called a JPEG', Buffer.from('<!doctype html>'), 'image/jpeg', 400, 'no JPEG, PNG or WebP'],
    ['an archive', Buffer.from('PK\x03\x04'.padEnd(90, '\0')), 'image/webp', 400, 'no JPEG, PNG or WebP'],
    ['nothing', Buffer.alloc(0), 'image/jpeg', 400, 'no JPEG, PNG or WebP'],
    ['a bomb of pixels', png('', 40_000, 40_000), 'image/png', 400, '40000 × 40000 pixels'],
    ['a mere header', jpeg('', 1_280, 960).subarray(0, 120), 'image/jpeg', 400, '1280 × 960 pixels'],
    ['one pixel too many', jpeg('', 4_097, 1), 'image/jpeg', 400, '4097 × 1 pixels'],
  ])('%s is refused in words', async (_, bytes, type, status, words) => {
    const problem = await problemOf(await put(bytes, type));
    expect(problem).toMatchObject({ status, code: 'bad-message', detail: expect.stringContaining(words) });
  });

  it('an image that arrives as other bytes than were sent is refused', async () => {
    const other = await fetch(hub.url + address(hash, undefined, 'admin'), bodyOf(jpeg('another')));
    expect(await problemOf(other)).toMatchObject({ code: 'bad-message', details: { field: 'hash' } });
    for (const bad of ['x', hash.toUpperCase(), `${hash}0`]) {
      const answer = await fetch(hub.url + address(bad, undefined, 'admin'), bodyOf(image));
      expect(await problemOf(answer)).toMatchObject({ code: 'bad-message', details: { field: 'hash' } });
    }
  });

  it('[S3] an image is 300,000 bytes at most, and of a larger one the hub reads no more', async () => {
    const largest = Buffer.concat([png('largest'), Buffer.alloc(300_000)]).subarray(0, 300_000);
    expect((await put(largest, 'image/png')).status).toBe(201);
    const tooLarge = Buffer.concat([largest, Buffer.alloc(1)]);
    expect(await problemOf(await put(tooLarge, 'image/png'))).toMatchObject({
      status: 413,
      code: 'too-large',
    });
    // It says that 40 MB are coming, sends nothing, and has its answer.
    const status = await new Promise((resolve, reject) => {
      const headers = { 'content-type': 'image/png', 'content-length': 40_000_000 };
      const path = address(hash, undefined, 'driver:ana');
      const asking = request(hub.url + path, { method: 'PUT', headers, agent: false }, (answer) => {
        resolve(answer.statusCode);
        asking.destroy();
      });
      asking.on('error', reject);
      asking.flushHeaders();
    });
    expect(status).toBe(413);
  });

  it('who names nobody is asked who sends it; a store sends none', async () => {
    const nobody = await fetch(hub.url + address(hash), bodyOf(image));
    expect(await problemOf(nobody)).toMatchObject({ code: 'not-allowed', details: { field: 'as' } });
    const store = await fetch(hub.url + address(hash, undefined, 'store:red'), bodyOf(image));
    expect(await problemOf(store)).toMatchObject({ code: 'not-allowed', status: 403 });
  });

  it('a photo that has not arrived yet is said to be missing', async () => {
    const missing = await fetch(hub.url + address('0'.repeat(64)));
    expect(await problemOf(missing)).toMatchObject({ status: 404, details: { field: 'hash' } });
  });

  it('the photo comes before or after its proof, and the delivery waits for neither', async () => {
    const late = jpeg('late');
    const proof = asJson('POST', { kind: 'photo', blob: hashOfImage(late), rev: 3 });
    await fetch(`${hub.url}/api/orders/red/1/delivered?as=driver:ana`, { method: 'POST' });
    const proven = await fetch(`${hub.url}/api/orders/red/1/proof?as=driver:ana`, proof);
    expect(await proven.json()).toMatchObject({ ok: true, status: 'delivered', rev: 4 });
    expect((await put(late)).status).toBe(201);
  });
});

describe('[A1] where access is keyed, an image is seen by whoever may see its parcel', () => {
  let hub: KeyedHub;
  const keys: Record<string, string> = {};
  beforeAll(async () => {
    hub = await startKeyedHub();
    for (const store of ['red', 'blue']) keys[store] = (await hub.issue({ role: 'vendor', store })).key;
    for (const driver of ['ana', 'ben', 'cyd'])
      keys[driver] = (await hub.issue({ role: 'driver', driver })).key;
    keys['admin'] = (await hub.issue({ role: 'admin' })).key;
    for (const orderID of ['1', '2']) {
      const order = { store: 'red', orderID, customer: 'Hulda', address: '835 Meluk Pass' };
      const placed = await hub.ask('/api/orders', keys['red'], asJson('POST', order));
      const { tracking } = (await placed.json()) as { tracking: string };
      keys[`buyer of ${orderID}`] = tracking.replace(/.*\//, '');
    }
    // Ben held it before Ana does. The other one is on offer.
    for (const [driver = '', event = ''] of [
      ['ben', 'claimed'],
      ['ben', 'released'],
      ['ana', 'claimed'],
    ]) {
      expect((await hub.ask(`/api/orders/red/1/${event}`, keys[driver], { method: 'POST' })).status).toBe(
        201,
      );
    }
    for (const orderID of ['1', '2']) {
      const parcel = `store=red&orderID=${orderID}`;
      expect((await hub.ask(address(hash, parcel), keys['admin'], bodyOf(image))).status).toBe(201);
    }
  });
  afterAll(async () => {
    await hub.close();
    expect(hub.faults).toEqual([]);
  });

  it.each([
    ['its store', 'red', [200, 200], 403],
    ['another store', 'blue', [404, 404], 404],
    ['who holds it', 'ana', [200, 404], 200],
    ['who held it', 'ben', [200, 404], 200],
    ['a driver who sees parcels on offer', 'cyd', [404, 404], 404],
    ['dispatch', 'admin', [200, 200], 200],
    ['its customer, who sees photos of a delivery', 'buyer of 1', [404, 404], 403],
    ['another customer', 'buyer of 2', [404, 404], 404],
  ])('%s', async (_, who, reads, writes) => {
    const read = async (orderID: string) => {
      const answer = await hub.ask(address(hash, `store=red&orderID=${orderID}`), keys[who]);
      return answer.status === 200 ? 200 : (await problemOf(answer)).status;
    };
    expect([await read('1'), await read('2')]).toEqual(reads);
    expect((await hub.ask(address(hash), keys[who], bodyOf(image))).status).toBe(writes);
  });

  it('to everybody else it is as if there were no such parcel', async () => {
    for (const who of ['blue', 'cyd', 'buyer of 2']) {
      for (const options of [{}, bodyOf(image)]) {
        const theirs = await (await hub.ask(address(hash), keys[who], options)).text();
        const none = await (await hub.ask(address(hash, 'store=none&orderID=1'), keys[who], options)).text();
        expect(theirs).toBe(none);
        expect(theirs).toContain('unknown-parcel');
      }
    }
    expect((await hub.ask(address(hash))).status).toBe(401);
  });
});
