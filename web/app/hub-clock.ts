import { HubClock } from '../../client/hub-clock.ts';
import { safeLocalStorage } from './safe-storage.ts';

const name = 'clock';

/**
 * The clock of this page's hub. The difference to the device's clock is stored, because a page may open offline, and a
 * phone whose clock was hours off yesterday is still off today.
 */
export const hubClock = new HubClock(Number(safeLocalStorage.read(name) ?? 0));
hubClock.onJump(() => safeLocalStorage.write(name, String(hubClock.aheadMs)));
