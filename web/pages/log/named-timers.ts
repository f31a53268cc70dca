/** Timers with names. A new timer replaces the one of the same name. */
export class NamedTimers<Name extends string> {
  readonly #running = new Map<Name, ReturnType<typeof setTimeout>>();

  after(name: Name, ms: number, run: () => void): void {
    clearTimeout(this.#running.get(name));
    const timer = setTimeout(() => {
      this.#running.delete(name);
      run();
    }, ms);
    this.#running.set(name, timer);
  }

  runs(name: Name): boolean {
    return this.#running.has(name);
  }

  /** Stops all timers. Safe to call twice. */
  close(): void {
    for (const timer of this.#running.values()) clearTimeout(timer);
  }
}
