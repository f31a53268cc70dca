import { type ReactNode, useEffect, useId, useRef } from 'react';
import { failReasons, isHeld, type Status } from '../../../protocol/events.ts';
import { Button } from '../../ui/button.tsx';
import { firstTap } from '../../ui/first-tap.ts';
import { driver } from '../../words/driver.ts';
import { shared } from '../../words/shared.ts';
import type { DriverSession } from './driver-session.ts';
import type { HandoverAnswers } from './handover.tsx';
import styles from './next-steps.module.css';
import { OrderLabel } from './order-label.tsx';
import type { HeldRow } from './session-state.ts';
import type { Step } from './steps.ts';

interface NextStepsProps {
  session: DriverSession;
  item: HeldRow;
  /** It is before all others that can be delivered. */
  isFirst: boolean;
  handover: HandoverAnswers;
  /** Asks why a parcel could not be delivered, or not any more. */
  onAsk: (asksWhy: boolean) => void;
}

/** Whether the driver can do anything with a parcel of this status. */
export function hasSteps(status: Status): boolean {
  return isHeld(status);
}

/** One big button for the next step, with other steps apart from it. */
export function NextSteps(props: NextStepsProps) {
  const { session, item, isFirst } = props;
  const { key, status } = item;
  const words = driver().step;
  const about = <OrderLabel id={item.known.view.payload.orderID} />;
  const big = (label: string, step: Step, look: 'main' | 'plain' = 'main') => (
    <Button look={look} size="big" onClick={firstTap(() => session.actions.step(key, step))}>
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
          {!isFirst && (
            <div className={styles['others']}>
              <DoNext session={session} item={item} />
            </div>
          )}
        </div>
      );
    case 'in-transit':
      return <Delivery {...props} />;
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

/** Delivered in one tap, or why not. */
function Delivery({ session, item, isFirst, handover, onAsk }: NextStepsProps) {
  const { key } = item;
  const words = driver().step;
  const about = <OrderLabel id={item.known.view.payload.orderID} />;
  if (handover.asksWhy) return <Reasons session={session} item={item} onDone={() => onAsk(false)} />;
  const { outcome, name } = handover;
  const receivedBy = outcome && (name.trim() || undefined);
  return (
    <div className={styles['steps']}>
      <Button
        look="main"
        size="big"
        onClick={firstTap(() => session.actions.step(key, { event: 'delivered', outcome, receivedBy }))}
      >
        {words.delivered}
        {about}
      </Button>
      <div className={styles['others']}>
        <Button look="quiet" onClick={firstTap(() => onAsk(true))}>
          {words.notDelivered}
          {about}
        </Button>
        {!isFirst && <DoNext session={session} item={item} />}
      </div>
    </div>
  );
}

/** Puts a stop before all others. */
function DoNext({ session, item }: { session: DriverSession; item: HeldRow }) {
  return (
    <Button look="quiet" onClick={firstTap(() => session.actions.putFirst(item))}>
      {driver().stops.doNext}
      <OrderLabel id={item.known.view.payload.orderID} />
    </Button>
  );
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
