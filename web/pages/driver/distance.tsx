import type { ReactNode } from 'react';
import type { Order } from '../../../protocol/orders.ts';
import { FrameStore } from '../../app/frame-store.ts';
import { useStore } from '../../app/hooks.ts';

type Draw = (order: Order) => ReactNode;

/** Draws how far it is to an order's address, once the driver has asked for that. The code for it is loaded then. */
let draw: Draw | undefined;
const drawing = new FrameStore(() => draw);

export function drawDistances(next: Draw | undefined): void {
  draw = next;
  drawing.touch();
}

export function Distance({ order }: { order: Order }) {
  return useStore(drawing)?.(order) ?? null;
}
