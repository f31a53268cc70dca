/**
 * The protocol's version and every limit on the wire, apart from the schemas in messages.ts, so that a browser gets
 * these values without the schema library.
 */

/**
 * Every change that an older client or hub would misread bumps it. History:
 *
 * 1 — first version. Later additions, which older programs ignore: connections of the role `plain`; a record's
 *     `machineTime`; `time` in `welcome`; notices of the kind `relayed`; `offers`, with `ready` and `next` in `parcels` and
 *     `ready` in `events`; `damaged` in `events` and `parcels`; `holder` in every record;
 *     `device` of connections; the events `amended` and `seen`, `unseen` and `urgent` of parcels, `notBefore` and `email`
 *     of orders; the event `proof`, with `proofs` of parcels, `about` of `urgent` and `pin` of answers; `rev` of `amended`; `latitude`
 *     and `longitude` of orders.
 */
export const PROTOCOL_VERSION = 1;

/** Sizes are bytes of JSON text in UTF-8, lengths are UTF-16 code units, times are milliseconds. */
export const limits = {
  /** One command as JSON text. */
  commandBytes: 16 * 1024,
  /** One message on the wire; Socket.IO closes the connection past it. */
  frameBytes: 1024 * 1024,
  /** Nesting of objects and arrays in one command. */
  depth: 8,
  /** Keys of one object. */
  keys: 32,
  /** Any string but an id. */
  stringLength: 1_024,
  /** Store, order, driver and command ids. */
  idLength: 128,
  /** Names of people. */
  nameLength: 128,
  /** Commands in one batch, and in one commit. */
  batch: 256,
  /** Records or parcels in one page. */
  page: 500,
  /** A parcel with so many records takes no more notes and amendments, but its steps go on. */
  notedRevs: 1_000,
  /** Proofs of one parcel. */
  proofs: 12,
  /** Wrong PINs of one parcel, until dispatch has seen them. */
  pinTries: 5,
  /** An image of a proof, in bytes. */
  blobBytes: 300_000,
  /** Its width and its height, in pixels. */
  blobSide: 4_096,
  /** Images of one parcel. */
  blobs: 16,
  /** The latest so many past holders still receive a parcel's records. */
  pastDrivers: 100,
  /** Commands that may wait for their commit in one hub; it refuses more as `busy`. */
  waitingCommands: 20_000,
  /** Time for a handshake or a message to complete. */
  completeMs: 10_000,
  /** Time for an image to arrive, as long as bytes of it come. */
  imageMs: 60_000,
  /** Time for a connection to name its role on `/caps`. */
  joinMs: 5_000,
  /** Time to take back one's own step with `corrected`. */
  correctMs: 120_000,
} as const;
