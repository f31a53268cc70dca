/** A browser with its own home, in which a person may install a certificate authority. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type LaunchOptions } from 'playwright/test';

export class TrustingPhone {
  readonly #home = mkdtempSync(join(tmpdir(), 'caps-phone-'));
  readonly #options: LaunchOptions;
  #browser: Browser | undefined;

  constructor(options: LaunchOptions) {
    this.#options = options;
  }

  /** Opens the browser. Whatever was installed meanwhile is known from then on. */
  async open(): Promise<Browser> {
    await this.#browser?.close();
    const { args = [] } = this.#options;
    this.#browser = await chromium.launch({
      ...this.#options,
      env: { ...process.env, HOME: this.#home },
      // A camera that shows a test picture.
      args: [...args, '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
    });
    return this.#browser;
  }

  /** As in the phone's settings. @param file what was downloaded */
  install(file: string): void {
    const folder = join(this.#home, '.pki', 'nssdb');
    mkdirSync(folder, { recursive: true });
    try {
      execFileSync('certutil', ['-d', `sql:${folder}`, '-N', '--empty-password']);
    } catch (cause) {
      throw new Error('This test needs certutil: run "apt-get install libnss3-tools".', { cause });
    }
    execFileSync('certutil', ['-d', `sql:${folder}`, '-A', '-t', 'C,,', '-n', 'CAPS hub', '-i', file]);
  }

  async close(): Promise<void> {
    await this.#browser?.close();
    rmSync(this.#home, { recursive: true, force: true });
  }
}
