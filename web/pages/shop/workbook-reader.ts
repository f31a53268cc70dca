/** Reads workbooks in a worker, which is ended when it takes too long. */

import { shopImport as words } from '../../words/shop-import.ts';
import { columnsMax, readingMsMax, rowsMax, unpackedMegabytesMax } from './import-limits.ts';
import type { Workbook, WorkbookFault } from './workbook.ts';
import type { WorkbookAnswer, WorkbookQuestion } from './workbook-worker.ts';

/** @param at of the visible sheets; undefined for the first with rows @throws Error in words for a person */
export async function readWorkbookApart(
  bytes: Uint8Array<ArrayBuffer>,
  at: number | undefined,
): Promise<Workbook> {
  const worker = new Worker(new URL('./workbook-worker.ts', import.meta.url), { type: 'module' });
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    const answer = await new Promise<WorkbookAnswer>((resolve, reject) => {
      worker.addEventListener('message', ({ data }: MessageEvent<WorkbookAnswer>) => resolve(data));
      worker.addEventListener('error', () => reject(new Error(words().file.noReader)));
      timer = setTimeout(() => resolve({ fault: 'tooLarge' }), readingMsMax);
      worker.postMessage({ bytes, at } satisfies WorkbookQuestion);
    });
    if ('fault' in answer) throw new Error(workbookFaultText(answer.fault));
    return answer.workbook;
  } finally {
    clearTimeout(timer);
    worker.terminate();
  }
}

export function workbookFaultText(fault: WorkbookFault): string {
  const { file } = words();
  const texts: Readonly<Record<WorkbookFault, string>> = {
    locked: file.locked,
    old: file.oldWorkbook,
    otherKind: file.otherKind,
    damaged: file.damaged,
    tooLarge: file.unpacksTooLarge(unpackedMegabytesMax),
    tooManyRows: file.tooManyOrders(rowsMax),
    tooManyColumns: file.tooManyColumns(columnsMax),
  };
  return texts[fault];
}
