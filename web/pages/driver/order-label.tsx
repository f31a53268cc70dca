import { driver } from '../../words/driver.ts';

/** Names the order of a button for screen readers, which list buttons without context. */
export function OrderLabel({ id }: { id: string }) {
  return <span className="visually-hidden"> {driver().ofOrder(id)}</span>;
}
