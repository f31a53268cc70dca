import type { CapsRecord } from '../../../protocol/messages.ts';
import type { Order } from '../../../protocol/orders.ts';
import { Moment } from '../../ui/age.tsx';
import { PhraseText } from '../../ui/phrase-text.tsx';
import { shopDialogs as words } from '../../words/shop-dialogs.ts';
import { type ChangedField, changedFields } from './changed-fields.ts';
import { lifeDetails, lifeSentence } from './life-words.ts';
import styles from './order-dialog.module.css';

/** What happened to an order, and what each change replaced. */
export function OrderLife({ records }: { records: readonly CapsRecord[] }) {
  return (
    <ol className={styles['life']}>
      {records.map((record, i) => {
        if (record.event === 'note') return null;
        return (
          <li key={record.rev}>
            <span>
              {lifeSentence(record)}
              <span className={styles['detail']}>
                {lifeDetails(record).map((said) => (
                  <bdi key={said}>{said} </bdi>
                ))}
              </span>
              {record.event === 'amended' && (
                <Changes before={records[i - 1]?.payload} after={record.payload} />
              )}
            </span>
            <Moment at={record.occurredAt ?? record.time} />
          </li>
        );
      })}
    </ol>
  );
}

function Changes({ before, after }: { before: Order | undefined; after: Order }) {
  if (!before) return null;
  return changedFields(before, after).map((change) => (
    <span key={change.name} className={styles['detail']}>
      <ChangeText change={change} />
    </span>
  ));
}

function ChangeText({ change: { name, was, is } }: { change: ChangedField }) {
  const { changes } = words();
  const field = changes.field[name];
  const old = was !== undefined && (
    <del>
      <Value name={name} text={was} />
    </del>
  );
  const now = is !== undefined && (
    <ins>
      <Value name={name} text={is} />
    </ins>
  );
  if (old && now) return <PhraseText phrase={changes.replaced(field, old, now)} />;
  return <PhraseText phrase={old ? changes.removed(field, old) : changes.added(field, now)} />;
}

function Value({ name, text }: { name: ChangedField['name']; text: string }) {
  return name === 'notBefore' || name === 'dueAt' ? <Moment at={text} /> : <bdi>{text}</bdi>;
}
