import { type ReactNode, type RefObject, useId, useLayoutEffect } from 'react';
import { mendDialog } from '../app/old-browsers.ts';
import { shared } from '../words/shared.ts';
import { Button } from './button.tsx';
import styles from './dialog.module.css';

interface DialogProps {
  /** Call `showModal` on it to open the dialog. */
  dialog: RefObject<HTMLDialogElement | null>;
  /** The heading and accessible name. */
  title: ReactNode;
  /** `narrow`: a few lines. `wide`: a form and a list. */
  width?: 'narrow' | 'usual' | 'wide';
  onClose?: () => void;
  children: ReactNode;
}

/** A modal dialog. The heading and the close button stay visible while the content scrolls. */
export function Dialog({ dialog, title, width = 'usual', onClose, children }: DialogProps) {
  const id = useId();
  // A layout effect, because the parent's effect calls `showModal`.
  useLayoutEffect(() => {
    if (dialog.current) mendDialog(dialog.current);
  }, [dialog]);
  return (
    <dialog
      ref={dialog}
      className={styles['dialog']}
      data-width={width}
      aria-labelledby={id}
      // React also tells of the closing of a dialog within this one.
      onClose={({ target, currentTarget }) => target === currentTarget && onClose?.()}
    >
      <div className={styles['head']}>
        <h2 id={id}>{title}</h2>
        <Button onClick={() => dialog.current?.close()}>{shared().close}</Button>
      </div>
      <div className={styles['body']}>{children}</div>
    </dialog>
  );
}
