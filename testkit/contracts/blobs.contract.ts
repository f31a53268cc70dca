/** What every place for blobs promises. */

import { afterEach, describe, expect, it } from 'vitest';
import type { BlobId, BlobLimits, Blobs } from '../../server/store/blobs.ts';
import { hashOfImage, jpeg } from '../images.ts';

export interface BlobsFixture {
  open(): Promise<Blobs>;
  /** Flips a bit of a blob, as a disk does. */
  damage(id: BlobId): Promise<void>;
  /** Closes and removes everything. */
  remove(): Promise<void>;
}

const red1 = { store: 'red', orderID: '1' };
const red2 = { store: 'red', orderID: '2' };
const [one, two, three] = ['one', 'two', 'three'].map((name) => jpeg(name)) as [Buffer, Buffer, Buffer];
const idOf = (bytes: Uint8Array, parcel = red1): BlobId => ({ parcel, hash: hashOfImage(bytes) });
const plenty: BlobLimits = { perParcel: 16, bytes: 1_000_000 };

export function describeBlobs(
  name: string,
  makeFixture: (limits: BlobLimits) => Promise<BlobsFixture>,
): void {
  describe(`${name}: an image`, () => {
    const fixtures: BlobsFixture[] = [];
    async function opened(limits = plenty) {
      const fixture = await makeFixture(limits);
      fixtures.push(fixture);
      return { fixture, blobs: await fixture.open() };
    }
    afterEach(async () => {
      for (const fixture of fixtures.splice(0)) await fixture.remove();
    });

    it('comes back byte by byte, also after opening again', async () => {
      const { fixture, blobs } = await opened();
      expect(await blobs.put(idOf(one), one)).toBe('new');
      for (const open of [blobs, await fixture.open()]) {
        expect(Buffer.from((await open.get(idOf(one))) ?? [])).toEqual(one);
        expect(await open.get(idOf(two))).toBeUndefined();
        expect([await open.has(idOf(one)), await open.has(idOf(two))]).toEqual([true, false]);
        expect(await open.sizes(red1)).toEqual({ count: 1, bytes: one.length });
      }
    });

    it('is kept once, however often it is sent', async () => {
      const { blobs } = await opened();
      const sent = await Promise.all([1, 2, 3].map(() => blobs.put(idOf(one), one)));
      expect(sent.sort()).toEqual(['known', 'known', 'new']);
      expect(await blobs.sizes(red1)).toEqual({ count: 1, bytes: one.length });
    });

    it('belongs to one parcel, also where another has the same', async () => {
      const { blobs } = await opened();
      await blobs.put(idOf(one), one);
      const others = [red2, { store: 'Red', orderID: '1' }, { store: 'red"', orderID: ',"1' }];
      for (const parcel of others) expect(await blobs.get(idOf(one, parcel))).toBeUndefined();
      expect(await blobs.put(idOf(one, red2), one)).toBe('new');
      expect(await blobs.sizes(red2)).toEqual({ count: 1, bytes: 2 * one.length });
    });

    it('[S3] finds no room where its parcel has enough of them; the same again does', async () => {
      const { fixture, blobs } = await opened({ ...plenty, perParcel: 2 });
      for (const bytes of [one, two]) await blobs.put(idOf(bytes), bytes);
      for (const open of [blobs, await fixture.open()]) {
        const refused = expect.objectContaining({ code: 'too-large', details: { max: 2 } });
        await expect(open.put(idOf(three), three)).rejects.toEqual(refused);
        expect(await open.put(idOf(one), one)).toBe('known');
      }
      expect(await blobs.put(idOf(three, red2), three)).toBe('new');
    });

    it('[S3] finds no room where all have too much, also when many come at once', async () => {
      const bytes = 2 * one.length + 5;
      const { fixture, blobs } = await opened({ ...plenty, bytes });
      const all = [one, two, three].map((image, at) =>
        blobs.put(idOf(image, { store: 'red', orderID: `${at}` }), image),
      );
      const settled = await Promise.allSettled(all);
      expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
      const refused = { code: 'unavailable', retryable: true, details: { maxBytes: bytes } };
      expect(settled.find(({ status }) => status === 'rejected')).toMatchObject({ reason: refused });
      const another = jpeg('another');
      await expect((await fixture.open()).put(idOf(another), another)).rejects.toMatchObject(refused);
    });

    it('that the disk has damaged is not given out, until the same is sent again', async () => {
      const { fixture, blobs } = await opened({ ...plenty, perParcel: 1 });
      await blobs.put(idOf(one), one);
      await fixture.damage(idOf(one));
      const name = `the image ${hashOfImage(one).slice(0, 12)}`;
      await expect(blobs.get(idOf(one))).rejects.toMatchObject({ details: { damaged: name } });
      expect(await blobs.put(idOf(one), one)).toBe('known');
      expect(Buffer.from((await blobs.get(idOf(one))) ?? [])).toEqual(one);
      expect(await blobs.sizes(red1)).toEqual({ count: 1, bytes: one.length });
    });
  });
}
