import { askFile } from '../../client/read.ts';

export interface QrDrawing {
  readonly viewBox: string;
  readonly path: string;
}

/**
 * Has the hub draw a code of one of its own addresses. Undefined where it does not.
 * @param url goes in the body: it may be a secret, which is not to stand in anybody's list of requests
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
