import type { Message } from './message.ts';

/** Somebody who is told. */
export interface Member {
  send(message: Message): void;
}

/** Those who are told the same: the one place that knows who they are. */
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
        // What is committed cannot be taken back, and nobody waits for this: one door's bug must end no other's news.
        this.#onFault(error, 'news could not be passed on');
      }
    }
  }
}
