/**
 * Writes lines to a TCP connection at a pace. Plain clients parse each chunk as one message, so each of their lines
 * is a write of its own, with a pause after it that keeps the network from joining two. Waiting lines are in memory,
 * so such a client must be given little at a time.
 *
 *     write ─▶ waiting ─── pause over ──▶ handed to the network ─▶ taken by it
 *                     └─── the network takes no more: until it drains
 */

import type { Socket } from 'node:net';
import type { Clock } from '../../clock.ts';

/** A plain client takes less time to read and parse one message. */
export const plainPauseMs = 25;

export class PacedLines {
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #waiting: string[] = [];
  /** Go before all that wait. */
  readonly #urgent: string[] = [];
  #waitingSize = 0;
  #pauseMs = 0;
  /** Lines handed to the network and not yet taken. */
  #inFlight = 0;
  #cancelPause: (() => void) | undefined;
  #isEnding = false;
  #drained: (() => void)[] = [];

  constructor(socket: Socket, clock: Clock) {
    this.#socket = socket;
    this.#clock = clock;
    socket.on('drain', () => this.#pump());
    socket.on('close', () => {
      this.#forget();
      this.#tellDrained();
    });
  }

  /** Pause after each line from now on; 0 for none. */
  set pauseMs(ms: number) {
    this.#pauseMs = ms;
    if (ms > 0) return;
    this.#endPause();
    this.#pump();
  }

  get pauseMs(): number {
    return this.#pauseMs;
  }

  /** Lines that the network has not taken yet. */
  get queued(): number {
    return this.#urgent.length + this.#waiting.length + this.#inFlight;
  }

  /** Their size, in characters or bytes. */
  get queuedSize(): number {
    return this.#waitingSize + this.#socket.writableLength;
  }

  /** @param lines without newlines; lines of one call wait together */
  write(...lines: readonly string[]): void {
    if (!this.#socket.writable || this.#isEnding) return;
    this.#waiting.push(...lines);
    for (const line of lines) this.#waitingSize += line.length;
    this.#pump();
  }

  /** The line goes before those that wait, and after earlier lines of this kind. */
  writeFirst(line: string): void {
    if (!this.#socket.writable || this.#isEnding) return;
    this.#urgent.push(line);
    this.#waitingSize += line.length;
    this.#pump();
  }

  /** Drops all lines that were not handed to the network. */
  drop(): void {
    this.#forget();
    this.#tellDrained();
  }

  /** Resolves when nothing is queued any more, or the connection has ended. */
  drained(): Promise<void> {
    if (this.queued === 0 || this.#socket.destroyed) return Promise.resolve();
    return new Promise((resolve) => this.#drained.push(resolve));
  }

  /** Sends what waits, then ends this half of the connection. Safe to call twice. */
  end(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.#pump();
  }

  #pump(): void {
    while (!this.#cancelPause && !this.#socket.writableNeedDrain) {
      const next = this.#urgent.length > 0 ? this.#urgent.shift() : this.#waiting.shift();
      if (next === undefined) break;
      this.#hand(next);
      if (this.#pauseMs === 0) continue;
      this.#cancelPause = this.#clock.after(this.#pauseMs, () => {
        this.#cancelPause = undefined;
        this.#pump();
      });
    }
    const isEmpty = this.#urgent.length === 0 && this.#waiting.length === 0;
    if (this.#isEnding && isEmpty && this.#socket.writable) this.#socket.end();
  }

  #hand(line: string): void {
    this.#waitingSize -= line.length;
    this.#inFlight += 1;
    this.#socket.write(`${line}\n`, () => {
      this.#inFlight -= 1;
      if (this.queued === 0) this.#tellDrained();
    });
  }

  #endPause(): void {
    this.#cancelPause?.();
    this.#cancelPause = undefined;
  }

  #forget(): void {
    this.#endPause();
    this.#urgent.length = 0;
    this.#waiting.length = 0;
    this.#waitingSize = 0;
  }

  #tellDrained(): void {
    for (const tell of this.#drained.splice(0)) tell();
  }
}
