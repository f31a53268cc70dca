import type { Message } from './message.ts';

/** Receives the messages of a room. */
export interface Member {
  send(message: Message): void;
}

/** The readers of one feed, or of dispatch's news. */
export class Room {
  readonly #members = new Set<Member>();
  readonly #onFault: (error: unknown, what: string) => void;

  constructor(onFault: (error: unknown, what: string) => void) {
    this.#onFault = onFault;
  }

  get size(): number {
    return this.#members.size;
  }

  enter(member: Member): void {
    this.#members.add(member);
  }

  /** @returns whether it was here */
  leave(member: Member): boolean {
    return this.#members.delete(member);
  }

  tell(message: Message): void {
    for (const member of this.#members) {
      try {
        member.send(message);
      } catch (error) {
        // The commit stands and nobody awaits this: one door's bug must not cost the other members their message.
        this.#onFault(error, 'news could not be passed on');
      }
    }
  }
}
