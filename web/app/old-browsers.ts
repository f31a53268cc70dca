/** Loads what an older browser lacks, before a page is loaded that uses it. No code of the frame may use any of it. */

const wanted: readonly (readonly [owner: object, name: string])[] = [
  [Array.prototype, 'at'],
  [Array.prototype, 'findLast'],
  [Array.prototype, 'toSorted'],
  [Map, 'groupBy'],
  [Object, 'groupBy'],
  [Object, 'hasOwn'],
  [Promise, 'withResolvers'],
  [String.prototype, 'at'],
  [String.prototype, 'isWellFormed'],
  [globalThis, 'structuredClone'],
];

type MendDialog = (dialog: HTMLDialogElement) => void;
let mendOldDialog: MendDialog | undefined;

/** Resolves when the browser has all that a page is written with. @throws if that could not be loaded */
export async function mendBrowser(): Promise<void> {
  const hasDialogs = hasOwnDialogs();
  if (hasDialogs && wanted.every(([owner, name]) => name in owner)) return;
  const { mendDialog } = await import('./polyfills.ts');
  if (!hasDialogs) mendOldDialog = mendDialog;
}

/** To be called with each `<dialog>` that is put into a page. */
export function mendDialog(dialog: HTMLDialogElement): void {
  mendOldDialog?.(dialog);
}

function hasOwnDialogs(): boolean {
  return typeof HTMLDialogElement !== 'undefined' && 'showModal' in HTMLDialogElement.prototype;
}
