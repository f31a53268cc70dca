import { HubClock } from '../../client/hub-clock.ts';
import { safeLocalStorage } from './safe-storage.ts';

const name = 'clock';

/**
 * The clock of the one hub that a page is from. What was learned is kept, because a page may be opened without
 * network, and a phone that was hours off yesterday is so today.
 */
export const hubClock = new HubClock(Number(safeLocalStorage.read(name) ?? 0));
hubClock.onJump(() => safeLocalStorage.write(name, String(hubClock.aheadMs)));
