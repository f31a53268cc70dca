/** Timers that are known by what they are for: the next of the same name takes the place of the one before. */
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

  /** None of them runs any more. Safe to call twice. */
  close(): void {
    for (const timer of this.#running.values()) clearTimeout(timer);
  }
}
