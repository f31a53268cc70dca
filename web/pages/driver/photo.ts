/** Makes a photo small enough to be sent from a basement, and free of what else a camera writes into it. */

/** `no-image`: nothing that this browser can draw. */
export type PhotoProblem = 'no-image' | 'too-large';

/** What the camera may give: decoding more would end the page of a small phone. */
const fileBytesMax = 30_000_000;
const bytesMax = 200_000;
const sideMax = 1_600;
const qualities = [0.8, 0.65, 0.5] as const;
/** The side shrinks by this factor until the photo fits. */
const shrinking = 0.7;
const sideMin = 200;

/**
 * @returns a JPEG of at most 200 kB, upright, with nothing in it but its pixels
 */
export async function shrinkPhoto(file: Blob): Promise<ArrayBuffer | PhotoProblem> {
  if (file.size > fileBytesMax) return 'too-large';
  if (await isMarkup(file)) return 'no-image';
  const bitmap = await decoded(file);
  if (!bitmap) return 'no-image';
  try {
    return (await fitting(bitmap)) ?? 'no-image';
  } finally {
    bitmap.close();
  }
}

/** A drawing in SVG is a document that may load others, and no photo. */
async function isMarkup(file: Blob): Promise<boolean> {
  if (file.type.includes('svg') || file.type.startsWith('text/')) return true;
  const start = await file.slice(0, 64).text();
  return /^\uFEFF?\s*</.test(start);
}

/** Upright, as the camera was held. */
async function decoded(file: Blob): Promise<ImageBitmap | undefined> {
  try {
    return await createImageBitmap(file, { imageOrientation: 'from-image' }).catch((error: unknown) => {
      // Older browsers do it anyway, and do not know the word.
      if (error instanceof TypeError) return createImageBitmap(file);
      throw error;
    });
  } catch {
    return undefined;
  }
}

async function fitting(bitmap: ImageBitmap): Promise<ArrayBuffer | undefined> {
  const longest = Math.max(bitmap.width, bitmap.height);
  for (let side = Math.min(longest, sideMax); side >= Math.min(longest, sideMin); side *= shrinking) {
    const canvas = drawn(bitmap, side / longest);
    for (const quality of qualities) {
      const blob = await jpegOf(canvas, quality);
      if (!blob) return undefined;
      if (blob.size <= bytesMax) return blob.arrayBuffer();
    }
  }
  return undefined;
}

function drawn(bitmap: ImageBitmap, scale: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const paper = canvas.getContext('2d');
  if (paper) {
    paper.fillStyle = '#fff';
    paper.fillRect(0, 0, canvas.width, canvas.height);
    paper.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  }
  return canvas;
}

function jpegOf(canvas: HTMLCanvasElement, quality: number): Promise<Blob | null> {
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality));
}
