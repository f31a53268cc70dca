/**
 * Memory limits of the log, all in one place; docs/running.md says what a hub takes with all of them reached. In KiB
 * where SQLite counts so, else in characters of records: a byte each in ASCII, otherwise two.
 */

/** Page cache of the writing connection. */
export const logCacheKib = 8 * 1024;
/** Page cache of the thread that checks the whole log. It reads each page once. */
export const patrolCacheKib = 1024;
/** Page cache of the reading thread. */
export const readerCacheKib = 4 * 1024;
/** Page cache of the indexing thread. It holds the path to any record, so that reading one costs little more. */
export const searchLogCacheKib = 2 * 1024;
/** Page cache of the index. */
export const searchCacheKib = 4 * 1024;
/** Indexed records that are not in pages yet. */
export const searchPendingKib = 1024;
/** Cached parcels that were written or read last. */
export const parcelsSizeMax = 4 * 1024 * 1024;

/** Heap limit of a thread, which needs about a quarter of it. Exceeding it is a bug, and ends that thread alone. */
export const threadLimits = { maxOldGenerationSizeMb: 48, maxYoungGenerationSizeMb: 6 };
