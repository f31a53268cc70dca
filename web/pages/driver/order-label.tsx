import { driver } from '../../words/driver.ts';

/** Behind a button's word, for those who hear a list of buttons: which order it is about. */
export function OrderLabel({ id }: { id: string }) {
  return <span className="visually-hidden"> {driver().ofOrder(id)}</span>;
}
