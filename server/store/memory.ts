/**
 * What a hub may keep in memory of its log, all in one place: together with Node's own it stays below 200 MB
 * (docs/decisions/0023). In KiB where SQLite counts so, else in characters of records, which are a byte each where they
 * are ASCII and two where they are not.
 */

/** SQLite's pages of the log, of the connection that writes. */
export const logCacheKib = 8 * 1024;
/** The same, of the thread that looks through the log. */
export const readerCacheKib = 4 * 1024;
/** The same, of the thread that keeps the index: the way to any record, so that looking at one reads little more. */
export const searchLogCacheKib = 2 * 1024;
/** Pages of the index. */
export const searchCacheKib = 4 * 1024;
/** What is indexed and not yet in pages. */
export const searchPendingKib = 1024;
/** Of parcels that were written or asked for last. */
export const parcelsSizeMax = 4 * 1024 * 1024;

/** Of a thread beside the hub, which needs about a third: more would be a bug of it, and ends it alone. */
export const threadLimits = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 6 };
