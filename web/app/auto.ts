/** The switch of a page's simulator. */

import { fetchHubInfo, wasKeyed } from './hub-info.ts';
import { safeLocalStorage, safeSessionStorage } from './safe-storage.ts';
import type { Timers } from './timers.ts';
import { followWay, tellWay, type Way, wayOf } from './way.ts';

/** Countdown before the simulator starts by itself. */
const graceMs = 3_000;

type PageName = 'vendor' | 'driver';
const users = { vendor: 'store', driver: 'driver' } as const;

export interface AutoState {
  /** Undefined where the page asks for it. */
  readonly way: Way | undefined;
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
 * On an open hub the simulator is on, unless work is for real. It then starts after a countdown, during which one press
 * switches it off. Switched on by hand it starts at once.
 */
export class AutoSwitch {
  readonly #parts: AutoSwitchParts;
  readonly #unfollow: () => void;
  #state: AutoState;
  #callOff: (() => void) | undefined;
  #isClosed = false;

  constructor(parts: AutoSwitchParts) {
    this.#parts = parts;
    this.#state = beginning(this.#way(wasKeyed()), this.#way(false));
    this.#unfollow = followWay(() => this.#follow());
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
    let isKeyed: boolean;
    try {
      isKeyed = (await fetchHubInfo()).access === 'keyed';
    } catch {
      // The hub does not answer.
      return;
    }
    if (this.#state.on !== undefined || this.#isClosed) return;
    const way = this.#way(isKeyed);
    // On a keyed hub real work is done: nothing starts by itself there.
    if (way === 'real' || isKeyed || isSwitchedOff(this.#parts.page)) {
      this.#become({ way, on: false });
      return;
    }
    this.#callOff = this.#parts.timers.after(graceMs, () => this.#become({ way: this.#state.way, on: true }));
    this.#become({ way, on: true, startsAt: Date.now() + graceMs });
  }

  /** Switches by hand. The tab remembers both, the browser only off. */
  set(isOn: boolean): void {
    const { page } = this.#parts;
    safeSessionStorage.write(storageName(page), isOn ? 'on' : 'off');
    if (isOn) safeLocalStorage.forget(storageName(page));
    else safeLocalStorage.write(storageName(page), 'off');
    this.#callOff?.();
    this.#become({ way: this.#state.way, on: isOn });
  }

  /** Tells this browser how it is used. To try it, the simulators of both pages are on; a countdown goes on. */
  choose(way: Way): void {
    const { page } = this.#parts;
    for (const one of ['vendor', 'driver'] as const) safeLocalStorage.forget(storageName(one));
    if (way === 'try') safeSessionStorage.write(storageName(page), 'on');
    else safeSessionStorage.forget(storageName(page));
    tellWay(users[page], way);
    this.#take(way);
  }

  /** Safe to call twice. */
  close(): void {
    this.#isClosed = true;
    this.#callOff?.();
    this.#unfollow();
  }

  /** Another tab has told the browser. */
  #follow(): void {
    const way = this.#way(wasKeyed());
    if (way === this.#state.way) return;
    // What was switched off here was so before that.
    safeSessionStorage.forget(storageName(this.#parts.page));
    this.#take(way);
  }

  #take(way: Way | undefined): void {
    if (way !== 'real' && this.#state.on === true) {
      this.#become({ ...this.#state, way });
      return;
    }
    this.#callOff?.();
    this.#become({ way, on: way === 'real' ? false : undefined });
    void this.decide();
  }

  #way(isKeyed: boolean): Way | undefined {
    return wayOf(users[this.#parts.page], isKeyed);
  }

  #become(state: AutoState): void {
    this.#state = state;
    this.#parts.changed(state);
  }
}

/** @param ifOpen the way if the hub is open, which it has not said yet */
function beginning(way: Way | undefined, ifOpen: Way | undefined): AutoState {
  return ifOpen === 'real' ? { way: 'real', on: false } : { way, on: undefined };
}

/** Follows this tab's last choice, then `?auto=`, then this browser. */
function isSwitchedOff(page: PageName): boolean {
  const inTab = safeSessionStorage.read(storageName(page));
  const choice = inTab ?? new URLSearchParams(location.search).get('auto') ?? undefined;
  return choice === 'off' || (choice !== 'on' && safeLocalStorage.read(storageName(page)) === 'off');
}

function storageName(page: PageName): string {
  return `${page}.auto`;
}
