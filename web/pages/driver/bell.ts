import type { Readable } from '../../app/frame-store.ts';
import { safeLocalStorage } from '../../app/safe-storage.ts';

const pauseMs = 5_000;
const toneSeconds = 0.18;
/** Two rising tones, unlike a phone's own sounds. */
const tonesHz = [660, 880];

/** Rings for new offers, if switched on: by sound and, if the device can, by vibration. */
export class Bell implements Readable<boolean> {
  readonly #listeners = new Set<() => void>();
  #isOn = safeLocalStorage.read('driver.bell') === 'on';
  #audio: AudioContext | undefined;
  #quietUntil = 0;

  get(): boolean {
    return this.#isOn;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Call it in a click handler: browsers allow sound only after a user's action. */
  set(isOn: boolean): void {
    this.#isOn = isOn;
    safeLocalStorage.write('driver.bell', isOn ? 'on' : 'off');
    if (isOn) this.#sound();
    for (const listener of this.#listeners) listener();
  }

  /** Rings at most once per pause. */
  ring(): void {
    if (!this.#isOn || Date.now() < this.#quietUntil) return;
    this.#quietUntil = Date.now() + pauseMs;
    // Browsers ignore it before the first touch; desktops and iPhones do not have it.
    navigator.vibrate?.([120, 80, 120]);
    this.#sound();
  }

  /** Safe to call twice. */
  close(): void {
    this.#listeners.clear();
    void this.#audio?.close();
    this.#audio = undefined;
  }

  #sound(): void {
    this.#audio ??= new AudioContext();
    const { destination, currentTime } = this.#audio;
    // After a reload, browsers allow sound only once the page was touched.
    if (this.#audio.state === 'suspended') void this.#audio.resume();
    for (const [i, hertz] of tonesHz.entries()) {
      const start = currentTime + i * toneSeconds;
      const tone = new OscillatorNode(this.#audio, { frequency: hertz });
      const volume = new GainNode(this.#audio, { gain: 0 });
      volume.gain.setValueAtTime(0.25, start);
      volume.gain.exponentialRampToValueAtTime(0.001, start + toneSeconds);
      tone.connect(volume).connect(destination);
      tone.start(start);
      tone.stop(start + toneSeconds);
    }
  }
}
