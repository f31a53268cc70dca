import { useCallback, useState } from 'react';
import { keyOf } from '../../app/access-key.ts';
import { Button } from '../../ui/button.tsx';
import { OnDemand } from '../../ui/on-demand.tsx';
import { logWords } from '../../words/log.ts';

const loadKeys = () => import('./keys-dialog.tsx');

/** Opens the dialog of access keys. Open hubs have none. */
export function KeysButton() {
  const [isOpen, setOpen] = useState(false);
  const close = useCallback(() => setOpen(false), []);
  if (keyOf('admin') === undefined) return null;
  return (
    <>
      <Button look="quiet" size="small" onClick={() => setOpen(true)}>
        {logWords().accessKeys}
      </Button>
      {isOpen && <OnDemand load={loadKeys} props={{ onClose: close }} />}
    </>
  );
}
