import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { failReasons, isHeld, outcomes, type Status } from '../../../protocol/events.ts';
import { limits } from '../../../protocol/limits.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { firstTap } from '../../ui/first-tap.ts';
import { driver } from '../../words/driver.ts';
import { shared } from '../../words/shared.ts';
import type { DriverSession } from './driver-session.ts';
import styles from './next-steps.module.css';
import { OrderLabel } from './order-label.tsx';
import type { HeldRow } from './session-state.ts';
import type { Step } from './steps.ts';

interface NextStepsProps {
  session: DriverSession;
  item: HeldRow;
  /** Look of the main button. */
  look: 'main' | 'plain';
}

/** Whether the driver can do anything with a parcel of this status. */
export function hasSteps(status: Status): boolean {
  return isHeld(status);
}

/** One big button for the next step, with other steps apart from it. */
export function NextSteps({ session, item, look }: NextStepsProps) {
  const [asks, setAsks] = useState<'reason' | 'outcome'>();
  const { key, status } = item;
  const words = driver().step;
  const about = <OrderLabel id={item.known.view.payload.orderID} />;
  const big = (label: string, step: Step, bigLook: 'main' | 'plain' = look) => (
    <Button look={bigLook} size="big" onClick={firstTap(() => session.actions.step(key, step))}>
      {label}
      {about}
    </Button>
  );
  switch (status) {
    case 'claimed':
      return (
        <div className={styles['steps']}>
          {big(words.pickedUp, { event: 'in-transit' })}
          <Button look="quiet" onClick={firstTap(() => session.actions.step(key, { event: 'released' }))}>
            {words.release}
            {about}
          </Button>
        </div>
      );
    case 'in-transit': {
      if (asks === 'reason')
        return <Reasons session={session} item={item} onDone={() => setAsks(undefined)} />;
      if (asks === 'outcome')
        return <Outcomes session={session} item={item} onDone={() => setAsks(undefined)} />;
      const ask = (what: 'reason' | 'outcome') => () => {
        session.actions.leaveAlone(key);
        setAsks(what);
      };
      return (
        <div className={styles['steps']}>
          {big(words.delivered, { event: 'delivered' })}
          <div className={styles['others']}>
            <Button look="quiet" onClick={firstTap(ask('outcome'))}>
              {words.leftWith}
              {about}
            </Button>
            <Button look="quiet" onClick={firstTap(ask('reason'))}>
              {words.notDelivered}
              {about}
            </Button>
          </div>
        </div>
      );
    }
    case 'failed':
      return (
        <div className={styles['pair']}>
          {big(shared().tryAgain, { event: 'retried' })}
          {big(words.returnToShop, { event: 'returning' }, 'plain')}
        </div>
      );
    case 'returning':
      return <div className={styles['steps']}>{big(words.returned, { event: 'returned' })}</div>;
    default:
      return null;
  }
}

interface QuestionProps {
  session: DriverSession;
  item: HeldRow;
  /** The question was answered or left. */
  onDone: () => void;
}

/** Asks why a parcel could not be delivered. */
function Reasons({ session, item, onDone }: QuestionProps) {
  return (
    <Chips item={item} text={driver().step.whyNot} onBack={onDone}>
      {failReasons.map((reason) => (
        <Button
          key={reason}
          onClick={firstTap(() => {
            onDone();
            session.actions.step(item.key, { event: 'attempt-failed', reason });
          })}
        >
          {driver().reason[reason]}
        </Button>
      ))}
    </Chips>
  );
}

/** Asks who has the parcel, with an optional name. */
function Outcomes({ session, item, onDone }: QuestionProps) {
  const [name, setName] = useState('');
  return (
    <Chips item={item} text={driver().step.whoHasIt} onBack={onDone}>
      <Field
        className={styles['name']}
        label={driver().step.receivedBy}
        value={name}
        onChange={setName}
        maxLength={limits.nameLength}
        autoComplete="off"
        autoCapitalize="words"
        enterKeyHint="done"
      />
      {outcomes.map((outcome) => (
        <Button
          key={outcome}
          onClick={firstTap(() => {
            onDone();
            session.actions.step(item.key, {
              event: 'delivered',
              outcome,
              receivedBy: name.trim() || undefined,
            });
          })}
        >
          {driver().outcome[outcome]}
        </Button>
      ))}
    </Chips>
  );
}

interface ChipsProps {
  item: HeldRow;
  text: string;
  onBack: () => void;
  children: ReactNode;
}

/** A question with chips as answers, and Back. */
function Chips({ item, text, onBack, children }: ChipsProps) {
  const id = useId();
  const chips = useRef<HTMLDivElement>(null);
  // The chips may need more space than the button that they replace.
  useEffect(() => {
    chips.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a border and a legend
    <div ref={chips} className={styles['question']} role="group" aria-labelledby={id}>
      <p id={id}>
        {text}
        <OrderLabel id={item.known.view.payload.orderID} />
      </p>
      {children}
      <Button look="quiet" onClick={firstTap(onBack)}>
        {driver().back}
      </Button>
    </div>
  );
}
