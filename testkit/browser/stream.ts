/** Orders at a steady rate, as from many shops, to test moving lists. */

import { setTimeout as wait } from 'node:timers/promises';
import { io } from 'socket.io-client';
import { PROTOCOL_VERSION } from '../../protocol/limits.ts';
import type { Answer } from '../../protocol/messages.ts';
import type { Hub } from './hub.ts';

const tickMs = 100;

export class Stream {
  readonly #store: string;
  readonly #perTick: number;
  readonly #everyMs: number;
  readonly #socket: ReturnType<typeof io>;
  readonly #ended: Promise<void>;
  #isOn = true;
  #sent = 0;

  /** @param perSecond 0 for none */
  constructor(hub: Hub, store: string, perSecond: number) {
    this.#store = store;
    this.#perTick = Math.ceil((perSecond * tickMs) / 1_000);
    this.#everyMs = perSecond === 0 ? 0 : (this.#perTick * 1_000) / perSecond;
    this.#socket = io(`${hub.url}/caps`, {
      auth: { protocol: PROTOCOL_VERSION, role: 'vendor', store },
      transports: ['websocket'],
      forceNew: true,
    });
    this.#ended = perSecond === 0 ? Promise.resolve() : this.#run();
  }

  /** Resolves when the last order is recorded. Safe to call twice. */
  async stop(): Promise<void> {
    this.#isOn = false;
    await this.#ended;
    this.#socket.disconnect();
  }

  async #run(): Promise<void> {
    let at = performance.now();
    while (this.#isOn) {
      const answers: Answer[] = await this.#socket.emitWithAck('commands', this.#orders());
      const refused = answers.find(({ ok }) => !ok);
      if (refused) throw new Error(`refused: ${JSON.stringify(refused)}`);
      at += this.#everyMs;
      await wait(Math.max(0, at - performance.now()));
    }
  }

  #orders(): unknown[] {
    return Array.from({ length: this.#perTick }, () => {
      this.#sent += 1;
      const orderID = `${this.#store}-s${this.#sent}`;
      const payload = {
        store: this.#store,
        orderID,
        customer: 'Ada Stream',
        address: `${this.#sent} Elm Street`,
      };
      return { event: 'pickup', payload };
    });
  }
}
