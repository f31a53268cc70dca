import { useState } from 'react';
import type { Status } from '../../../protocol/messages.ts';
import { useKeptFocus, useNow } from '../../hooks.ts';
import { count } from '../../numbers.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StatusMark } from '../../ui/status-mark.tsx';
import styles from './hand-list.module.css';
import type { Shift } from './shift.ts';
import type { InHand, ShiftState, Word } from './shift-state.ts';
import { reasons } from './steps.ts';

interface HandListProps {
  shift: Shift;
  state: ShiftState;
  isUp: boolean;
}

/** The parcels that this driver has claimed or carries, each with its one next step. */
export function HandList({ shift, state: { inHand, held, auto, onDuty }, isUp }: HandListProps) {
  return (
    <Panel
      title="In hand"
      inset="flush"
      className={styles['panel']}
      aside={
        held > 0 && (
          <span className={styles['total']} data-num>
            {count(held)}
          </span>
        )
      }
    >
      {inHand.length === 0 ? (
        <Empty title="Nothing in hand.">
          <p>
            {auto === true && onDuty
              ? 'Auto deliver claims the next offer by itself.'
              : 'Claim an offer, and it is here.'}
          </p>
        </Empty>
      ) : (
        <ul>
          {inHand.map((item, i) => (
            <HandItem key={item.key} shift={shift} item={item} isUp={isUp} isFirst={i === 0} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

interface HandItemProps {
  shift: Shift;
  item: InHand;
  isUp: boolean;
  /** The one that is shown biggest. */
  isFirst: boolean;
}

function HandItem({ shift, item, isUp, isFirst }: HandItemProps) {
  const { key, known, status, isPending, word, next } = item;
  const { payload, attempts } = known.view;
  // What was claimed by hand comes with a word: its Claim button is gone, and the keyboard goes on here.
  const keptFocus = useKeptFocus<HTMLLIElement>(
    'button[data-size="big"], [role="group"] button',
    word !== undefined,
  );
  return (
    <li {...keptFocus} className={styles['item']} data-status={status} data-first={isFirst}>
      <div className={styles['facts']}>
        <StatusMark status={status} look="chip" />
        {isPending && !isUp && <span>Saved, will send</span>}
        {attempts > 0 && (
          <span>{attempts === 1 ? '1 failed attempt' : `${count(attempts)} failed attempts`}</span>
        )}
        {next && <NextByItself next={next} />}
      </div>
      <h3 className={styles['address']}>
        <bdi>{payload.address}</bdi>
      </h3>
      <p className={styles['customer']}>
        <bdi>{payload.customer}</bdi>
      </p>
      <p className={styles['facts']}>
        <span className={styles['id']}>{payload.orderID}</span>
        <span>{payload.store}</span>
      </p>
      {word && <WordLine shift={shift} itemKey={key} word={word} />}
      <Steps shift={shift} itemKey={key} status={status} look={isFirst ? 'main' : 'plain'} />
    </li>
  );
}

function NextByItself({ next: { event, at } }: { next: NonNullable<InHand['next']> }) {
  const now = useNow();
  const seconds = Math.max(1, Math.round((at - now) / 1_000));
  return (
    <span>
      {event === 'delivered' ? `Delivers by itself in ${seconds} s` : `Picks up by itself in ${seconds} s`}
    </span>
  );
}

function WordLine({ shift, itemKey, word }: { shift: Shift; itemKey: string; word: Word }) {
  return (
    <div className={styles['word']} data-kind={word.kind}>
      <p>{word.text}</p>
      {word.kind === 'undo' ? (
        <Button onClick={() => shift.undo(itemKey)}>Undo</Button>
      ) : (
        <Button look="quiet" onClick={() => shift.acknowledge(itemKey)}>
          OK
        </Button>
      )}
    </div>
  );
}

interface StepsProps {
  shift: Shift;
  itemKey: string;
  status: Status;
  /** Of the next step. */
  look: 'main' | 'plain';
}

/** One big next step; what takes something away stands apart from it. */
function Steps({ shift, itemKey, status, look }: StepsProps) {
  const [asksReason, setAsksReason] = useState(false);
  switch (status) {
    case 'claimed':
      return (
        <div className={styles['steps']}>
          <Button look={look} size="big" onClick={() => shift.step(itemKey, { event: 'in-transit' })}>
            Picked up
          </Button>
          <Button look="quiet" onClick={() => shift.step(itemKey, { event: 'released' })}>
            Release
          </Button>
        </div>
      );
    case 'in-transit':
      if (asksReason) {
        return <Reasons shift={shift} itemKey={itemKey} onDone={() => setAsksReason(false)} />;
      }
      return (
        <div className={styles['steps']}>
          <Button look={look} size="big" onClick={() => shift.step(itemKey, { event: 'delivered' })}>
            Delivered
          </Button>
          <Button
            look="quiet"
            onClick={() => {
              shift.leaveAlone(itemKey);
              setAsksReason(true);
            }}
          >
            Could not deliver
          </Button>
        </div>
      );
    case 'failed':
      return (
        <div className={styles['pair']}>
          <Button look={look} size="big" onClick={() => shift.step(itemKey, { event: 'retried' })}>
            Try again
          </Button>
          <Button size="big" onClick={() => shift.step(itemKey, { event: 'returning' })}>
            Return to shop
          </Button>
        </div>
      );
    case 'returning':
      return (
        <div className={styles['steps']}>
          <Button look={look} size="big" onClick={() => shift.step(itemKey, { event: 'returned' })}>
            Returned
          </Button>
        </div>
      );
    default:
      return null;
  }
}

interface ReasonsProps {
  shift: Shift;
  itemKey: string;
  /** A reason was given, or there is none after all. */
  onDone: () => void;
}

/** One tap says why. */
function Reasons({ shift, itemKey, onDone }: ReasonsProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a border and a legend
    <div className={styles['reasons']} role="group" aria-label="Why could it not be delivered?">
      <p>Why could it not be delivered?</p>
      {reasons.map(({ reason, text }) => (
        <Button
          key={reason}
          onClick={() => {
            onDone();
            shift.step(itemKey, { event: 'attempt-failed', reason });
          }}
        >
          {text}
        </Button>
      ))}
      <Button look="quiet" onClick={onDone}>
        Back
      </Button>
    </div>
  );
}
