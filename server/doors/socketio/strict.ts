/** What the library of WebSockets allows is more than a hub can afford. */

/** For the other side to agree that a connection is over. */
const closeMs = 2_000;
/** Of one message, and of one piece as the network cuts it: the largest ones need fewer. */
const piecesMax = 256;
const chunksMax = 4_096;

/**
 * The library of WebSockets lets a message come in 16,384 pieces, each of which costs far more than its bytes (measured:
 * 4 MB for one connection), and who was told that the connection is closed keep it open for half a minute. Engine.IO
 * hands on no options for that; what it makes when the port is opened is made from here.
 */
export function makeStrict(options: { wsEngine?: unknown }): void {
  const Engine = options.wsEngine as new (options: object) => object;
  options.wsEngine = class extends Engine {
    constructor(given: object) {
      super({ ...given, closeTimeout: closeMs, maxFragments: piecesMax, maxBufferedChunks: chunksMax });
    }
  };
}
