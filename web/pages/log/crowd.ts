import type { Client } from '../../../client/client.ts';
import type { Connection } from '../../../protocol/messages.ts';
import { FrameStore, type Readable } from '../../frame-store.ts';
import { afterNotices, afterPresence, type NoticeEntry } from './people.ts';

/** Who is connected and what went wrong at the doors, as the hub tells it. */
export class Crowd {
  readonly #people: FrameStore<readonly Connection[]>;
  readonly #notices: FrameStore<readonly NoticeEntry[]>;
  #here: readonly Connection[] = [];
  #entries: readonly NoticeEntry[] = [];

  constructor(client: Client) {
    this.#people = new FrameStore(() => this.#here);
    this.#notices = new FrameStore(() => this.#entries);
    client.on('presence', (presence) => {
      this.#here = afterPresence(this.#here, presence);
      this.#people.touch();
    });
    client.on('notice', (notices) => {
      this.#entries = afterNotices(this.#entries, notices);
      this.#notices.touch();
    });
  }

  get people(): Readable<readonly Connection[]> {
    return this.#people;
  }

  get notices(): Readable<readonly NoticeEntry[]> {
    return this.#notices;
  }

  clearNotices(): void {
    this.#entries = [];
    this.#notices.touch();
  }

  /** Safe to call twice. */
  close(): void {
    this.#people.close();
    this.#notices.close();
  }
}
