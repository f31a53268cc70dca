import { askFile } from '../../client/read.ts';

export interface QrDrawing {
  readonly viewBox: string;
  readonly path: string;
}

/**
 * Lets the hub draw a QR code of one of its own addresses.
 * @param url goes into the body, because it may contain a secret and access logs record URLs
 * @returns undefined if the hub draws none
 */
export async function drawQrCode(url: string): Promise<QrDrawing | undefined> {
  const reply = await askFile('POST /qr.svg', { body: { url } });
  if (reply.kind !== 'answer') return undefined;
  const drawing = await reply.answer.text();
  const svg = new DOMParser().parseFromString(drawing, 'image/svg+xml').documentElement;
  const path = svg.querySelector('path[stroke]')?.getAttribute('d');
  const viewBox = svg.getAttribute('viewBox');
  return path && viewBox ? { path, viewBox } : undefined;
}
