import { useCallback, useEffect, useRef, useState } from 'react';
import type { PrintedOrder, PrintJob, PrintKind } from './print-job.ts';

export interface PrintDesk {
  job: PrintJob | undefined;
  print: (orders: readonly PrintedOrder[], kind?: PrintKind) => void;
  close: () => void;
}

/** What is printed stands in place of the page, which is as before after that. */
export function usePrinting(): PrintDesk {
  const [job, setJob] = useState<PrintJob>();
  const before = useRef<{ focus: Element | null; scroll: number }>(undefined);
  const print = useCallback((orders: readonly PrintedOrder[], kind: PrintKind = 'labels') => {
    before.current = { focus: document.activeElement, scroll: scrollY };
    setJob({ orders, kind });
  }, []);
  const close = useCallback(() => setJob(undefined), []);
  useEffect(() => {
    if (job || !before.current) return;
    const { focus, scroll } = before.current;
    if (focus instanceof HTMLElement) focus.focus({ preventScroll: true });
    scrollTo(0, scroll);
  }, [job]);
  return { job, print, close };
}
