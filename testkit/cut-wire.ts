import type { Dial, Wire, WireHandlers } from '../client/socketio-wire.ts';

/** A network that can go away under a client and come back, whatever the client is doing. */
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
        // Never in the same turn, as with a real one.
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
