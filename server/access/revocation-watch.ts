import type { Clock } from '../clock.ts';
import type { Access } from './access.ts';

/** Half of what a revocation may take. */
const everyMs = 2_000;

export interface RevocationWatchOptions {
  readonly access: Pick<Access, 'endRevoked'>;
  readonly clock: Pick<Clock, 'after'>;
}

/**
 * Looks again and again whether another hub on the same log has revoked the keys of those who are connected here.
 * @returns end
 */
export function watchRevocations({ access, clock }: RevocationWatchOptions): () => void {
  let isOver = false;
  let cancel = () => {};
  const wait = () => {
    if (isOver) return;
    cancel = clock.after(everyMs, () => {
      // Without the database nobody is told anything new, whoever they are; commits report it.
      access
        .endRevoked()
        .catch(() => {})
        .finally(wait);
    });
  };
  wait();
  return () => {
    isOver = true;
    cancel();
  };
}
