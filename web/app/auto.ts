/** A page's simulator: whether it runs, and how it starts. */

import { fetchHubInfo } from './hub-info.ts';
import { safeLocalStorage, safeSessionStorage } from './safe-storage.ts';
import type { Timers } from './timers.ts';

/** So long it is seen to start before it does anything. */
const graceMs = 3_000;

type PageName = 'vendor' | 'driver';

/** As the page shows it. */
export interface AutoState {
  /** Undefined until it is known whether it starts by itself. */
  readonly on: boolean | undefined;
  /** While it is on and waits: when it starts, by this device's clock in milliseconds since 1970. */
  readonly startsAt?: number | undefined;
}

interface AutoSwitchParts {
  readonly page: PageName;
  readonly timers: Timers;
  readonly changed: (state: AutoState) => void;
}

/**
 * The switch of a page's simulator. By itself it is on where the hub is open to anyone and nobody has said otherwise,
 * and then does nothing in the first three seconds, in which one press ends it. Pressed on by hand it starts at once.
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

  /** Once; where the hub cannot be asked yet, it is to be called again when the connection is live. */
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

  /** By hand. It stays so in this tab, and off in the whole browser. */
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
 * As this tab had it last, or as `?auto=` says. Else not where the address names who one is, nor where it was
 * switched off in this browser; and never where the hub wants keys, because there is real work. @throws where the hub
 * does not answer
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
