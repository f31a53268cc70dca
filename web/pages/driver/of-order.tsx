/** Behind a button's word, for those who hear a list of buttons: which order it is about. */
export function OfOrder({ id }: { id: string }) {
  return <span className="visually-hidden"> order {id}</span>;
}
