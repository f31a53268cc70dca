/** Tells of what the disk has damaged: nothing of it is served, and whoever looks after the machine has to know. */

import type { Damage } from '../store/store.ts';
import type { Presence } from './presence.ts';

/** The rest is counted. */
const namedMax = 5;

/** What is wrong with the disk, in words; undefined: nothing that anybody has met. */
export function damageFault({ count, names }: Damage): string | undefined {
  if (count === 0) return undefined;
  const named = names.slice(0, namedMax).join(', ');
  const more = count > namedMax ? ` and ${count - namedMax} more` : '';
  return wordsFor(named + more);
}

/** Tells the output and dispatch of each once, of those that are known already at once. */
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
