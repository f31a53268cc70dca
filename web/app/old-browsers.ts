/** Loads polyfills before the page. The code of the frame runs before them and must not need any. */

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

/** Resolves when the browser has all that pages use. @throws if the polyfills cannot be loaded */
export async function mendBrowser(): Promise<void> {
  const hasDialogs = hasOwnDialogs();
  if (hasDialogs && wanted.every(([owner, name]) => name in owner)) return;
  const { mendDialog } = await import('./polyfills.ts');
  if (!hasDialogs) mendOldDialog = mendDialog;
}

/** Call it with each `<dialog>` of a page. */
export function mendDialog(dialog: HTMLDialogElement): void {
  mendOldDialog?.(dialog);
}

function hasOwnDialogs(): boolean {
  return typeof HTMLDialogElement !== 'undefined' && 'showModal' in HTMLDialogElement.prototype;
}
