/** An export of as many records as wanted, without a hub that would have to record them. */

import { apply, type Parcel, type UnnumberedRecord } from '../protocol/parcel.ts';
import { storedText } from '../server/store/row.ts';
import { type LogRow, logSum, parcelRowOf } from '../server/store/rows/rows.ts';
import { RowCheck } from '../server/store/transfer/check.ts';
import { writeLines } from '../server/store/transfer/file.ts';
import { endLine, headLine } from '../server/store/transfer/lines.ts';
import { type Batch, batchRows, type ParcelTableRow } from '../server/store/transfer/tables.ts';

const steps = [
  ['pickup', 'ready', 'on'],
  ['claimed', 'claimed', 'off'],
  ['in-transit', 'in-transit', 'same'],
  ['delivered', 'delivered', 'same'],
] as const;

interface Life {
  readonly records: readonly LogRow[];
  readonly parcel: ParcelTableRow;
}

/** @param parcels each with four records and as many command ids @returns the file's size in bytes */
export function writeLargeExport(to: string, parcels: number): Promise<number> {
  const check = new RowCheck();
  async function* lines(): AsyncGenerator<string> {
    const time = new Date().toISOString();
    const secret = Buffer.alloc(32, 's');
    yield headLine({ epoch: 'e16afea6364e', secret, setBacks: [], from: 'a test', time });
    const perBatch = Math.floor(batchRows / steps.length);
    for (const batchOf of [recordsOf, parcelsOf, commandsOf]) {
      for (let first = 0; first < parcels; first += perBatch) {
        const count = Math.min(perBatch, parcels - first);
        yield check.follow(batchOf(Array.from({ length: count }, (_, i) => lifeOf(first + i))));
      }
    }
    yield endLine({ isLive: false, tables: check.counts() });
  }
  return writeLines(to, lines());
}

const recordsOf = (lives: readonly Life[]): Batch => ({
  ...{ table: 'records', rows: lives.flatMap(({ records }) => records) },
});
const parcelsOf = (lives: readonly Life[]): Batch => ({
  ...{ table: 'parcels', rows: lives.map(({ parcel }) => parcel) },
});
const commandsOf = (lives: readonly Life[]): Batch => ({
  table: 'commands',
  rows: lives
    .flatMap(({ records }) => records)
    .map(({ seq, store }) => ({ id: `command-${`${seq}`.padStart(9, '0')}`, actor: `vendor:${store}`, seq })),
});

const stores = 10;

function lifeOf(index: number): Life {
  const [store, orderID] = [`store-${index % stores}`, `${index}`];
  const payload = { store, orderID, customer: 'Hulda Sophie Parker', address: `${index} Meluk Pass` };
  const firstSeq = index * steps.length;
  const firstStoreSeq = Math.floor(index / stores) * steps.length;
  let parcel: Parcel | undefined;
  const records = steps.map(([event, status, board], i): LogRow => {
    const seq = firstSeq + i + 1;
    const record: UnnumberedRecord = {
      ...{ event, status, rev: i + 1, via: 'socket.io', payload },
      time: new Date(Date.parse('2026-11-20T18:00:00Z') + seq).toISOString(),
      by: i === 0 ? { role: 'vendor', id: store } : { role: 'driver', id: 'ana', name: 'Ana' },
    };
    parcel = apply(parcel, record);
    const row = {
      ...{ seq, store, store_seq: firstStoreSeq + i + 1, order_id: orderID, rev: i + 1 },
      ...{ previous: i === 0 ? 0 : seq - 1, board, drivers: JSON.stringify(parcel.drivers) },
      text: storedText(record),
    };
    return { ...row, crc: logSum(row) };
  });
  if (!parcel) throw new Error('a life has steps');
  const first = { seq: firstSeq + 1, storeSeq: firstStoreSeq + 1 };
  const last = { seq: firstSeq + steps.length, storeSeq: firstStoreSeq + steps.length };
  return { records, parcel: parcelRowOf({ parcel, first, last }) };
}
