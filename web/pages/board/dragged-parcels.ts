/** The parcels on their way to a driver under the pointer. */

import { type DragEvent, useState } from 'react';
import type { ChosenParcel } from './assignments.ts';

/** A type of our own, so that nothing else can be dropped on a driver. */
const dragType = 'application/x-caps-parcels';

export function dragParcels(event: DragEvent, parcels: readonly ChosenParcel[]): void {
  event.dataTransfer.setData(dragType, JSON.stringify(parcels));
  event.dataTransfer.effectAllowed = 'move';
}

interface DropTarget {
  /** Spread it on the element. */
  readonly props: Pick<React.DOMAttributes<HTMLElement>, 'onDragOver' | 'onDragLeave' | 'onDrop'>;
  readonly isOver: boolean;
}

/** @param drop undefined: nothing can be dropped here */
export function useDropTarget(drop: ((parcels: readonly ChosenParcel[]) => void) | undefined): DropTarget {
  const [isOver, setOver] = useState(false);
  if (!drop) return { props: {}, isOver: false };
  return {
    isOver,
    props: {
      onDragOver(event) {
        if (!event.dataTransfer.types.includes(dragType)) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = 'move';
        setOver(true);
      },
      onDragLeave(event) {
        const to = event.relatedTarget;
        if (!(to instanceof Node && event.currentTarget.contains(to))) setOver(false);
      },
      onDrop(event) {
        event.preventDefault();
        setOver(false);
        const parcels: unknown = JSON.parse(event.dataTransfer.getData(dragType) || '[]');
        if (Array.isArray(parcels)) drop(parcels.filter(isChosenParcel));
      },
    },
  };
}

function isChosenParcel(value: unknown): value is ChosenParcel {
  if (typeof value !== 'object' || value === null) return false;
  return (
    'key' in value &&
    typeof value.key === 'string' &&
    'wasHeld' in value &&
    typeof value.wasHeld === 'boolean'
  );
}
