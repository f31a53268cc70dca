/** A wall clock for one process that can be set while it runs, by Debian's `faketime` library. */

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

  /** Environment of the process. Timers and monotonic clocks are not affected. */
  get env(): Readonly<Record<string, string>> {
    // The variant for threads. Only the program knows its library's path.
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

  /** Sets the clock. @param ms ahead of this machine's; negative for behind */
  setAhead(ms: number): void {
    const seconds = Math.round(ms / 1_000);
    // Atomic: the file is read whenever the process asks for the time.
    writeFileSync(`${this.#file}.next`, `${seconds < 0 ? '' : '+'}${seconds}\n`);
    renameSync(`${this.#file}.next`, this.#file);
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true });
  }
}
