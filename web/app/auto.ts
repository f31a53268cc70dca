/** The switch of a page's simulator. */

import { fetchHubInfo } from './hub-info.ts';
import { safeLocalStorage, safeSessionStorage } from './safe-storage.ts';
import type { Timers } from './timers.ts';

/** Countdown before the simulator starts by itself. */
const graceMs = 3_000;

type PageName = 'vendor' | 'driver';

export interface AutoState {
  /** Undefined until the hub has said whether it is open. */
  readonly on: boolean | undefined;
  /** When the countdown ends, in milliseconds since 1970 by this device's clock. Undefined if there is none. */
  readonly startsAt?: number | undefined;
}

interface AutoSwitchParts {
  readonly page: PageName;
  readonly timers: Timers;
  readonly changed: (state: AutoState) => void;
}

/**
 * On an open hub the simulator is on by default. It then starts after a countdown, during which one press switches it
 * off. Switched on by hand it starts at once.
 */
export class AutoSwitch {
  readonly #parts: AutoSwitchParts;
  #state: AutoState = { on: undefined };
  #callOff: (() => void) | undefined;
  #isClosed = false;

  constructor(parts: AutoSwitchParts) {
    this.#parts = parts;
    void this.decide();
  }

  get state(): AutoState {
    return this.#state;
  }

  get isRunning(): boolean {
    return this.#state.on === true && this.#state.startsAt === undefined;
  }

  /** Decides once whether the simulator is on. Call it again when the connection is live: the hub may not have answered. */
  async decide(): Promise<void> {
    if (this.#state.on !== undefined) return;
    let isOn: boolean;
    try {
      isOn = await startsByItself(this.#parts.page);
    } catch {
      // The hub does not answer.
      return;
    }
    if (this.#state.on !== undefined || this.#isClosed) return;
    if (!isOn) {
      this.#become({ on: false });
      return;
    }
    this.#callOff = this.#parts.timers.after(graceMs, () => this.#become({ on: true }));
    this.#become({ on: true, startsAt: Date.now() + graceMs });
  }

  /** Switches by hand. The tab remembers both, the browser only off. */
  set(isOn: boolean): void {
    const { page } = this.#parts;
    safeSessionStorage.write(storageName(page), isOn ? 'on' : 'off');
    if (isOn) safeLocalStorage.forget(storageName(page));
    else safeLocalStorage.write(storageName(page), 'off');
    this.#callOff?.();
    this.#become({ on: isOn });
  }

  /** Safe to call twice. */
  close(): void {
    this.#isClosed = true;
    this.#callOff?.();
  }

  #become(state: AutoState): void {
    this.#state = state;
    this.#parts.changed(state);
  }
}

/**
 * Follows this tab's last choice, then `?auto=`. Otherwise the simulator is off if the address names a store or driver,
 * or if this browser has switched it off. On a keyed hub it is always off: real work is done there.
 * @throws if the hub does not answer
 */
async function startsByItself(page: PageName): Promise<boolean> {
  const query = new URLSearchParams(location.search);
  const choice = safeSessionStorage.read(storageName(page)) ?? query.get('auto');
  if (choice === 'off') return false;
  if (choice !== 'on') {
    if (query.has(page === 'vendor' ? 'store' : 'driver')) return false;
    if (safeLocalStorage.read(storageName(page)) === 'off') return false;
  }
  return (await fetchHubInfo()).access === 'open';
}

function storageName(page: PageName): string {
  return `${page}.auto`;
}
