import { useEffect, useRef } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import { logWords } from '../../words/log.ts';
import { helpWords } from '../../words/log-help.ts';
import styles from './help-dialog.module.css';

export function Content({ onClose }: { onClose: () => void }) {
  const { keys, terms, more } = helpWords();
  const { help, search } = logWords();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <Dialog dialog={dialog} title={help} onClose={onClose}>
      <dl className={styles['terms']}>
        <Keys names={['/']} what={keys.search} />
        <Keys names={[search.space]} what={keys.pause} />
        <Keys names={['j', '↓']} what={keys.next} />
        <Keys names={['k', '↑']} what={keys.previous} />
        <Keys names={['Enter']} what={keys.open} />
        <Keys names={['Esc']} what={keys.close} />
        <Keys names={['e', 'E']} what={keys.failures} />
        <Keys names={['o', 'O']} what={keys.sameParcel} />
        <Keys names={['g']} what={keys.oldest} />
        <Keys names={['G']} what={keys.newest} />
        <Keys names={['?']} what={keys.help} />
      </dl>
      <dl className={styles['terms']}>
        <Term term="elm street" what={terms.words} />
        <Term term='"elm street"' what={terms.exactly} />
        <Term term="event:failed" what={terms.event} />
        <Term term="store:red" what={terms.store} />
        <Term term="driver:ana" what={terms.driver} />
        <Term term="order:1042" what={terms.order} />
        <Term term="via:socket.io" what={terms.via} />
        <Term term="is:late" what={terms.is} />
        <Term term="-store:red" what={terms.without} />
      </dl>
      <p className={styles['hint']}>{more}</p>
    </Dialog>
  );
}

function Keys({ names, what }: { names: readonly string[]; what: string }) {
  return (
    <div>
      <dt>
        {names.map((name) => (
          <kbd key={name}>{name}</kbd>
        ))}
      </dt>
      <dd>{what}</dd>
    </div>
  );
}

/** A search term. The grammar is the same in every language. */
function Term({ term, what }: { term: string; what: string }) {
  return (
    <div>
      <dt>
        <code dir="ltr">{term}</code>
      </dt>
      <dd>{what}</dd>
    </div>
  );
}
