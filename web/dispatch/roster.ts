import type { Client } from '../../client/client.ts';
import { FrameStore, type Readable } from '../app/frame-store.ts';
import { hubClock } from '../app/hub-clock.ts';
import { afterNotices, afterPresence, type ConnectedPeople, type NoticeEntry, nobody } from './people.ts';

/** Who is connected, and the notices of the doors. */
export class Roster {
  readonly #connected: FrameStore<ConnectedPeople>;
  readonly #notices: FrameStore<readonly NoticeEntry[]>;
  #known = nobody;
  #entries: readonly NoticeEntry[] = [];

  constructor(client: Client) {
    this.#connected = new FrameStore(() => this.#known);
    this.#notices = new FrameStore(() => this.#entries);
    client.on('presence', (presence) => {
      this.#known = afterPresence(this.#known, presence, hubClock.now());
      this.#connected.touch();
    });
    client.on('notice', (notices) => {
      this.#entries = afterNotices(this.#entries, notices);
      this.#notices.touch();
    });
  }

  get connected(): Readable<ConnectedPeople> {
    return this.#connected;
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
    this.#connected.close();
    this.#notices.close();
  }
}
