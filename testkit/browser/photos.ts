/** Photos as a camera takes them, made in a browser. */

import { hash } from 'node:crypto';
import type { Page } from 'playwright/test';

export interface PhotoFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** @returns a photo of noise, which hardly compresses. @param seed tells photos apart */
export async function photoOf(page: Page, width: number, height: number, seed = 1): Promise<PhotoFile> {
  const url = await page.evaluate(
    ([wide, high, start]) => {
      const canvas = document.createElement('canvas');
      canvas.width = wide;
      canvas.height = high;
      const paper = canvas.getContext('2d');
      if (!paper) throw new Error('No canvas.');
      const image = paper.createImageData(wide, high);
      let noise = start;
      for (let i = 0; i < image.data.length; i++) {
        noise = (noise * 1_103_515_245 + 12_345) % 2_147_483_648;
        image.data[i] = i % 4 === 3 ? 255 : noise >> 16;
      }
      paper.putImageData(image, 0, 0);
      return canvas.toDataURL('image/jpeg', 0.9);
    },
    [width, height, seed] as const,
  );
  return fileOf(Buffer.from(url.replace(/^.*,/, ''), 'base64'));
}

/** The same photo by a camera that was held upright, and that writes where it was. */
export function heldUpright({ buffer }: PhotoFile): PhotoFile {
  const tiff = Buffer.concat([
    Buffer.from('MM\0*\0\0\0\x08\0\x01', 'latin1'),
    // Orientation: turned by a quarter.
    Buffer.from([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0]),
    Buffer.from('\0\0\0\0GPS of the customer', 'latin1'),
  ]);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(tiff.length + 8);
  const exif = Buffer.concat([Buffer.from([0xff, 0xe1]), length, Buffer.from('Exif\0\0', 'latin1'), tiff]);
  return fileOf(Buffer.concat([buffer.subarray(0, 2), exif, buffer.subarray(2)]));
}

export function hashOf(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}

function fileOf(buffer: Buffer): PhotoFile {
  return { name: 'photo.jpg', mimeType: 'image/jpeg', buffer };
}
