/** What an export and an import tell the operator. */

import type { TableCounts } from './lines.ts';
import type { ExportReport, ImportReport } from './transfer.ts';

export function exportWords({ path, from, bytes, isLive, tables, damagedImages }: ExportReport): string {
  const next = isLive
    ? 'A hub is running there, and what it records from now on is not in the file. To move the log, stop the hub and export again.'
    : 'To move the log, import the file in its new place, and start no hub in the old one again.';
  const damaged =
    damagedImages.length > 0 ? `Damaged images, and not in it: ${shortened(damagedImages)}.\n` : '';
  return `${path} has the whole log of ${from}: ${countsIn(tables)}; ${figures(bytes)} bytes.\n${damaged}${next}\n`;
}

export function importWords(report: ImportReport): string {
  const { place, from, epoch, isRenamed, revokedKeys, tables } = report;
  const { records, parcels } = tables;
  const keys = revokedKeys > 0 ? `, ${figures(revokedKeys)} of the keys revoked` : '';
  const lines = [
    `${capital(place)} has the whole log: ${countsIn(tables)}${keys}.`,
    `Checked: ${figures(records.rows)} records without a hole, each as it was written; ${figures(parcels.rows)} parcels, each what its records say; all rows equal to the file’s.`,
    isRenamed
      ? `A hub was running in ${from} during the export, and what it recorded since is not here. So the log has a new epoch (${epoch}): whoever comes back to it starts afresh.`
      : `It goes on as the same log (epoch ${epoch}): readers go on from where they were.`,
    `Tracking links and keys stay valid. Start no hub in ${from} again: what it recorded would be missing here. Keep that log as a copy, out of its place, or delete it.`,
  ];
  return `${lines.join('\n')}\n`;
}

/** Names this many images; counts the rest. */
const namedMax = 10;

function shortened(hashes: readonly string[]): string {
  const more = hashes.length > namedMax ? ` and ${hashes.length - namedMax} more` : '';
  return (
    hashes
      .slice(0, namedMax)
      .map((hash) => hash.slice(0, 12))
      .join(', ') + more
  );
}

function countsIn(counts: TableCounts): string {
  const { records, parcels, commands, acknowledged, keys, profiles, repeats, outbound, blobs } = counts;
  return [
    ...[count(records, 'record'), count(parcels, 'parcel'), count(commands, 'command id')],
    ...[count(acknowledged, 'acknowledged parcel'), count(keys, 'key'), count(profiles, 'profile')],
    ...(repeats.rows > 0 ? [count(repeats, 'repeating order')] : []),
    ...(outbound.rows > 0
      ? [count(outbound, 'line')].map((words) => `${words} on what is sent to others`)
      : []),
    ...(blobs.rows > 0 ? [count(blobs, 'image')] : []),
  ].join(', ');
}

function count({ rows }: TableCounts['records'], noun: string): string {
  return `${figures(rows)} ${noun}${rows === 1 ? '' : 's'}`;
}

function figures(number: number): string {
  return number.toLocaleString('en');
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
