import type { Dial, Wire, WireHandlers } from '../client/socketio-wire.ts';

/** A network that can fail and recover under a client at any moment. */
export class CutWire {
  /** Connections and attempts that ended by themselves. */
  downs = 0;
  #isCut = false;
  #wire: Wire | undefined;
  #handlers: WireHandlers | undefined;
  readonly #real: Dial;

  constructor(real: Dial) {
    this.#real = real;
  }

  readonly dial: Dial = (handlers) => {
    const down: WireHandlers['down'] = (error) => {
      this.downs += 1;
      handlers.down(error);
    };
    const wire = this.#real({ ...handlers, down });
    this.#handlers = handlers;
    this.#wire = wire;
    return {
      send: (batch) => wire.send(batch),
      offers: (from) => wire.offers(from),
      duty: (state) => wire.duty(state),
      close: () => wire.close(),
      open: (handshake) => {
        if (!this.#isCut) wire.open(handshake);
        // Asynchronous, like a real network.
        else queueMicrotask(() => handlers.down(undefined));
      },
    };
  };

  cut(): void {
    if (this.#isCut) return;
    this.#isCut = true;
    this.#wire?.close();
    this.#handlers?.down(undefined);
  }

  mend(): void {
    this.#isCut = false;
  }
}
