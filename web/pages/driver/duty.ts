import type { Client } from '../../../client/client.ts';
import { safeSessionStorage } from '../../app/safe-storage.ts';

const storageName = 'driver.duty';

/** Whether a driver is on duty: remembered by the tab, known to the hub. */
export class Duty {
  #isOn = safeSessionStorage.read(storageName) !== 'off';
  readonly #client: Pick<Client, 'duty'>;
  readonly #began: () => void;
  readonly #changed: () => void;

  /** @param began is called when a shift begins */
  constructor(client: Pick<Client, 'duty'>, began: () => void, changed: () => void) {
    this.#client = client;
    this.#began = began;
    this.#changed = changed;
    this.#tellHub();
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  set(isOn: boolean): void {
    if (isOn && !this.#isOn) this.#began();
    this.#isOn = isOn;
    safeSessionStorage.write(storageName, this.#tellHub());
    this.#changed();
  }

  #tellHub(): 'on' | 'off' {
    const duty = this.#isOn ? 'on' : 'off';
    this.#client.duty(duty);
    return duty;
  }
}
