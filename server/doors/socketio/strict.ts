/** Limits that the WebSocket library does not set by itself. */

/** Time for the other side to confirm a close. */
const closeMs = 2_000;
/** Fragments per message; our largest messages need fewer. */
const piecesMax = 256;
const chunksMax = 4_096;

/**
 * The library accepts 16,384 fragments per message, each of which costs far more than its bytes (measured: 4 MB for
 * one connection), and waits half a minute for a close to be confirmed. Engine.IO has no options for that, but
 * creates its server from this class when the port is opened.
 */
export function makeStrict(options: { wsEngine?: unknown }): void {
  const Engine = options.wsEngine as new (options: object) => object;
  options.wsEngine = class extends Engine {
    constructor(given: object) {
      super({ ...given, closeTimeout: closeMs, maxFragments: piecesMax, maxBufferedChunks: chunksMax });
    }
  };
}
