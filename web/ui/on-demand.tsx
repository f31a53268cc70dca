import { type ReactNode, useEffect, useRef } from 'react';
import { useLoaded } from '../app/hooks.ts';
import { shared } from '../words/shared.ts';
import { Dialog } from './dialog.tsx';

interface OnDemandProps<P extends { onClose: () => void }> {
  /** Loads the dialog's code. Pass the same function in every render. */
  load: () => Promise<{ Content: (props: P) => ReactNode }>;
  props: P;
}

/** A dialog whose code is loaded when it is opened. */
export function OnDemand<P extends { onClose: () => void }>({ load, props }: OnDemandProps<P>) {
  const loaded = useLoaded(load);
  if (loaded === 'missing') return <Missing onClose={props.onClose} />;
  return loaded ? <loaded.Content {...props} /> : null;
}

function Missing({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <Dialog dialog={dialog} width="narrow" onClose={onClose} title={shared().shell.partMissing}>
      <p>{shared().shell.partMissingHint}</p>
    </Dialog>
  );
}
