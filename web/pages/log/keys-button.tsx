import { useEffect, useRef, useState } from 'react';
import { keyOf } from '../../app/access-key.ts';
import { Button } from '../../ui/button.tsx';
import { KeysDialog } from './keys-dialog.tsx';

/** Opens the access keys; where the hub asks for none there is nothing to open. */
export function KeysButton() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [wasOpened, setOpened] = useState(0);
  useEffect(() => {
    if (wasOpened > 0) dialog.current?.showModal();
  }, [wasOpened]);
  if (keyOf('admin') === undefined) return null;
  return (
    <>
      <Button look="quiet" size="small" onClick={() => setOpened(wasOpened + 1)}>
        Access keys
      </Button>
      {wasOpened > 0 && <KeysDialog key={wasOpened} dialog={dialog} />}
    </>
  );
}
