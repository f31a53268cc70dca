/** Reports records that the disk has damaged. They are never served, but the operator has to know. */

import type { Damage } from '../store/store.ts';
import type { Presence } from './presence.ts';

/** Names at most this many; counts the rest. */
const namedMax = 5;

/** Describes what is wrong with the disk; undefined if no damage is known. */
export function damageFault({ count, names }: Damage): string | undefined {
  if (count === 0) return undefined;
  const named = names.slice(0, namedMax).join(', ');
  const more = count > namedMax ? ` and ${count - namedMax} more` : '';
  return wordsFor(named + more);
}

/** Reports each damage once to the output and to dispatch, those already known at once. */
export function watchDamage(
  damage: Damage,
  log: { error(words: string): void },
  presence: Pick<Presence, 'notice'>,
): void {
  damage.onFound((name) => {
    const words = wordsFor(name);
    log.error(words);
    presence.notice('hub', 'hub', words);
  });
}

function wordsFor(what: string): string {
  return `The disk has damaged ${what}. Nothing of it is shown as if it were true; restore a backup to have it again.`;
}
