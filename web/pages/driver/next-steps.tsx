import { type MouseEvent, useState } from 'react';
import type { Status } from '../../../protocol/messages.ts';
import { isHeld } from '../../../protocol/parcel.ts';
import { Button } from '../../ui/button.tsx';
import styles from './next-steps.module.css';
import type { Shift } from './shift.ts';
import { reasons, type Step } from './steps.ts';

interface NextStepsProps {
  shift: Shift;
  itemKey: string;
  status: Status;
  /** Of the next step. */
  look: 'main' | 'plain';
}

/** Whether there is anything left to do for the driver. */
export function hasSteps(status: Status): boolean {
  return isHeld(status);
}

/** One big next step; what takes something away stands apart from it. */
export function NextSteps({ shift, itemKey, status, look }: NextStepsProps) {
  const [asksReason, setAsksReason] = useState(false);
  const big = (label: string, step: Step, bigLook: 'main' | 'plain' = look) => (
    <Button
      look={bigLook}
      size="big"
      onClick={once(() => {
        shift.step(itemKey, step);
      })}
    >
      {label}
    </Button>
  );
  switch (status) {
    case 'claimed':
      return (
        <div className={styles['steps']}>
          {big('Picked up', { event: 'in-transit' })}
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
          {big('Delivered', { event: 'delivered' })}
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
          {big('Try again', { event: 'retried' })}
          {big('Return to shop', { event: 'returning' }, 'plain')}
        </div>
      );
    case 'returning':
      return <div className={styles['steps']}>{big('Returned', { event: 'returned' })}</div>;
    default:
      return null;
  }
}

/** The next button comes where this one was: a hasty double tap is one step, not two. */
function once(run: () => void): (event: MouseEvent) => void {
  return ({ detail }) => {
    if (detail < 2) run();
  };
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
