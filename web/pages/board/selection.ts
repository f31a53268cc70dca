import { useCallback, useMemo, useState } from 'react';
import type { Columns } from './board-rows.ts';
import type { BoardStore } from './board-store.ts';

/** The parcels that dispatch has marked, to assign them together. */
export interface Selection {
  readonly keys: ReadonlySet<string>;
  /** A click marks, and does not open. */
  readonly isMarking: boolean;
  readonly toggle: (key: string) => void;
  readonly add: (keys: readonly string[]) => void;
  readonly setMarking: (isMarking: boolean) => void;
  /** Bound; also ends marking. */
  readonly clear: () => void;
}

/** @param columns what of it changes when a parcel is finished */
export function useSelection(store: BoardStore, columns: Columns): Selection {
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const [isMarking, setMarking] = useState(false);
  const toggle = useCallback(
    (key: string) =>
      setMarked((before) => {
        const after = new Set(before);
        if (!after.delete(key)) after.add(key);
        return after;
      }),
    [],
  );
  const add = useCallback(
    (keys: readonly string[]) => setMarked((before) => new Set([...before, ...keys])),
    [],
  );
  const clear = useCallback(() => {
    setMarked((before) => (before.size === 0 ? before : new Set()));
    setMarking(false);
  }, []);
  // A parcel that is finished meanwhile is no longer marked.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the columns say when to look again
  const keys = useMemo(() => {
    const open = [...marked].filter((key) => store.row(key));
    return open.length === marked.size ? marked : new Set(open);
  }, [marked, store, columns]);
  return useMemo(
    () => ({ keys, isMarking, toggle, add, setMarking, clear }),
    [keys, isMarking, toggle, add, clear],
  );
}
