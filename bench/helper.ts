/** A child process of a bench that exchanges messages with it. */

import { type ChildProcess, fork } from 'node:child_process';
import { on } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export class Helper {
  readonly #script: string;
  readonly #child: ChildProcess;
  readonly #told: AsyncIterator<[unknown]>;

  /** @param script a file in this folder */
  constructor(script: string, args: readonly string[]) {
    this.#script = script;
    this.#child = fork(fileURLToPath(new URL(script, import.meta.url)), args, {
      // JSON has no Infinity.
      serialization: 'advanced',
    });
    this.#told = on(this.#child, 'message', { close: ['exit'] }) as AsyncIterator<[unknown]>;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  send(order: string): void {
    this.#child.send(order);
  }

  /** Resolves with its next message. @throws Error if it ends, or after a timeout */
  async next<T>(maxMs: number): Promise<T> {
    const late = pause(maxMs, undefined, { ref: false });
    const told = await Promise.race([this.#told.next(), late]);
    if (!told) throw new Error(`${this.#script} told nothing for ${maxMs / 1_000} s`);
    if (told.done) throw new Error(`${this.#script} ended`);
    return told.value[0] as T;
  }

  /** Safe to call twice, and after its end. */
  end(): void {
    this.#child.kill();
  }
}
