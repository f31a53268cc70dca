import { useEffect, useRef } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import styles from './help-dialog.module.css';

const keys: readonly (readonly [readonly string[], string])[] = [
  [['/'], 'search'],
  [['Space'], 'pause and resume'],
  [['j', '↓'], 'next row'],
  [['k', '↑'], 'previous row'],
  [['Enter'], 'details of the selected parcel'],
  [['Esc'], 'close the details'],
  [['e', 'E'], 'next and previous failure'],
  [['o', 'O'], 'next and previous event of the same parcel'],
  [['g'], 'to the oldest event'],
  [['G'], 'to the newest, and follow'],
  [['?'], 'this help'],
];

const terms: readonly (readonly [string, string])[] = [
  ['elm street', 'both words, anywhere'],
  ['"elm street"', 'exactly this'],
  ['event:failed', 'an event or a status'],
  ['store:red', 'a store'],
  ['driver:ana', 'a driver'],
  ['order:1042', 'an order'],
  ['via:socket.io', 'the door it came through'],
  ['-store:red', 'all but this'],
];

export function Content({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <Dialog dialog={dialog} title="Keys and search" onClose={onClose}>
      <dl className={styles['terms']}>
        {keys.map(([names, what]) => (
          <div key={what}>
            <dt>
              {names.map((name) => (
                <kbd key={name}>{name}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <dl className={styles['terms']}>
        {terms.map(([term, what]) => (
          <div key={term}>
            <dt>
              <code>{term}</code>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p className={styles['hint']}>
        Click a row to open its parcel. Alt-click a value in a row to show only these, Shift-Alt-click to
        leave these out; the details of a parcel offer both. Drag over the chart to choose a time. Go to,
        under Filters, takes an order, the number of an event (#1284), or a time: 14:00, yesterday 14:00,
        Monday, 20 Nov 9:30, 10 min ago.
      </p>
    </Dialog>
  );
}
