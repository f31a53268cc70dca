/**
 * Loads an image that a record names, and looks again as long as it is still to come: no record tells that it has arrived.
 * Ever more rarely, and not while nobody looks at the page.
 */

/** Until it is looked for again: at first, and at most. */
const [firstMs, mostMs] = [10_000, 60_000];

export interface ImageWatch {
  /** @returns undefined while the hub does not have it */
  readonly load: (signal: AbortSignal) => Promise<Blob | undefined>;
  readonly told: (image: Blob | 'coming' | 'failed') => void;
}

/** @returns ends it */
export function watchImage({ load, told }: ImageWatch): () => void {
  const over = new AbortController();
  const { signal } = over;
  let waitMs = firstMs;
  let due: number | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = (): void => {
    due = undefined;
    load(signal).then(
      (image) => {
        if (signal.aborted) return;
        told(image ?? 'coming');
        if (image) return;
        due = Date.now() + waitMs;
        waitMs = Math.min(waitMs * 2, mostMs);
        wait();
      },
      () => !signal.aborted && told('failed'),
    );
  };
  const wait = (): void => {
    clearTimeout(timer);
    if (due !== undefined && !document.hidden) timer = setTimeout(look, Math.max(0, due - Date.now()));
  };
  document.addEventListener('visibilitychange', wait, { signal });
  signal.addEventListener('abort', () => clearTimeout(timer));
  look();
  return () => over.abort();
}
