import { type FormEvent, useState } from 'react';
import { limits } from '../../../protocol/limits.ts';
import { cleanText } from '../../app/clean-text.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { shopDialogs as words } from '../../words/shop-dialogs.ts';
import styles from './order-dialog.module.css';
import type { Shop } from './shop.ts';

interface PendingNote {
  readonly key: number;
  readonly text: string;
  readonly refused?: string;
}

/** A line to the driver; what is on its way shows as that, and what was refused can be sent again. */
export function NoteForm({ shop, orderID }: { shop: Shop; orderID: string }) {
  const { order } = words();
  const [text, setText] = useState('');
  const [error, setError] = useState<string>();
  const [sending, setSending] = useState<readonly PendingNote[]>([]);

  async function send(said: string): Promise<void> {
    const key = performance.now();
    setSending((before) => [...before, { key, text: said }]);
    const refused = await shop.actions.note(orderID, said);
    setSending((before) =>
      before.flatMap((one) => {
        if (one.key !== key) return [one];
        return refused === undefined ? [] : [{ ...one, refused }];
      }),
    );
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    const said = cleanText(text);
    setError(said === '' ? order.noNote : undefined);
    if (said === '') return;
    void send(said);
    setText('');
  }

  return (
    <>
      {sending.map((one) => (
        <p key={one.key} className={styles['sending']} data-refused={one.refused !== undefined}>
          <bdi>{one.text}</bdi> <span>{one.refused ?? order.sending}</span>
          {one.refused !== undefined && (
            <Button
              size="small"
              onClick={() => {
                setSending(sending.filter(({ key }) => key !== one.key));
                void send(one.text);
              }}
            >
              {order.retry}
            </Button>
          )}
        </p>
      ))}
      <form className={styles['form']} onSubmit={submit} noValidate>
        <Field
          className={styles['field']}
          label={order.newNote}
          value={text}
          onChange={setText}
          error={error}
          maxLength={limits.stringLength}
          autoComplete="off"
          enterKeyHint="send"
        />
        <Button type="submit">{order.send}</Button>
      </form>
    </>
  );
}
