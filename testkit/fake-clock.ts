/** A wall clock for one process that can be set while it runs, by the library of Debian's `faketime`. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class FakeClock implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'caps-clock-'));
  readonly #file = join(this.#folder, 'ahead');

  constructor() {
    this.setAhead(0);
  }

  /** What the process is started with. Its timers, and what measures spans, do not look at this clock. */
  get env(): Readonly<Record<string, string>> {
    // For threads. Only the program knows where its library is.
    const library = execFileSync('faketime', ['-m', '-f', '+0', 'printenv', 'LD_PRELOAD'], {
      encoding: 'utf8',
    });
    return {
      LD_PRELOAD: library.trim(),
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      NO_FAKE_STAT: '1',
    };
  }

  /** From now on. @param ms how far it is ahead of this machine's, or behind it where that is below 0 */
  setAhead(ms: number): void {
    const seconds = Math.round(ms / 1_000);
    // In one step: it is read whenever somebody asks for the time.
    writeFileSync(`${this.#file}.next`, `${seconds < 0 ? '' : '+'}${seconds}\n`);
    renameSync(`${this.#file}.next`, this.#file);
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true });
  }
}
