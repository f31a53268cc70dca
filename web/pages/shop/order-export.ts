import { byteOrderMark } from '../../../protocol/csv.ts';
import type { KnownParcel } from '../../app/parcels.ts';
import { tableOf } from './order-table.ts';

/** Downloads the orders as CSV. */
export function downloadOrders(store: string, orders: readonly KnownParcel[]): void {
  const day = new Date().toISOString().slice(0, 10);
  downloadCsv(`orders-${store}-${day}.csv`, tableOf(orders.map(({ view }) => view)));
}

export function downloadCsv(name: string, table: string): void {
  const url = URL.createObjectURL(new Blob([byteOrderMark, table], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name.replace(/[^\p{L}\p{N}._-]+/gu, '-');
  link.click();
  // The browser has started the download by the next task.
  setTimeout(() => URL.revokeObjectURL(url), 0);
}
