/**
 * The protocol's number and every limit on the wire. Kept apart from the schemas in messages.ts so that
 * a browser gets these values without the schema library.
 */

/**
 * Bumped by every change that an older client or hub would misread. History:
 *
 * 1 — first version. Added since, for older ones to ignore: connections of the role `plain`; a record's `machineTime`;
 *     `time` in `welcome`; notices of the kind `relayed`; `offers`, and what is said of them in `parcels` and `events`;
 *     `damaged` in `events` and `parcels`; `holder` in every record.
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
  /** Records that a parcel has when it takes no more notes; its steps go on. */
  notedRevs: 1_000,
  /** Drivers, the latest, who go on hearing of a parcel that they held once. */
  pastDrivers: 100,
  /** Commands that wait for their commit in one hub; past it they are refused as `busy`. */
  waitingCommands: 20_000,
  /** For a handshake or a message to complete. */
  completeMs: 10_000,
  /** For a connection to name its role on `/caps`. */
  joinMs: 5_000,
  /** For undoing one's own step with `corrected`. */
  correctMs: 120_000,
} as const;
