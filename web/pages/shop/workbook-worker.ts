/** The worker behind workbook-reader.ts. Never import it. */

import { readWorkbook, type Workbook, WorkbookError, type WorkbookFault } from './workbook.ts';

export interface WorkbookQuestion {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly at: number | undefined;
}
export type WorkbookAnswer = { readonly workbook: Workbook } | { readonly fault: WorkbookFault };

addEventListener('message', ({ data: { bytes, at } }: MessageEvent<WorkbookQuestion>) =>
  postMessage(answerTo(bytes, at)),
);

function answerTo(bytes: Uint8Array, at: number | undefined): WorkbookAnswer {
  try {
    return { workbook: readWorkbook(bytes, at) };
  } catch (error) {
    return { fault: error instanceof WorkbookError ? error.fault : 'damaged' };
  }
}
