import type { ReactNode, RefObject } from 'react';
import { failReasons, isHeld, type Status } from '../../../protocol/events.ts';
import { Button } from '../../ui/button.tsx';
import { firstTap } from '../../ui/first-tap.ts';
import { driver } from '../../words/driver.ts';
import { shared } from '../../words/shared.ts';
import { Chips } from './chips.tsx';
import type { DriverSession } from './driver-session.ts';
import type { HandoverAnswers } from './handover.tsx';
import type { LoadedProofs } from './load-proofs.ts';
import styles from './next-steps.module.css';
import { OrderLabel } from './order-label.tsx';
import { type MissingProofs, missingProofs } from './proof-asks.ts';
import type { ProofPanel } from './proof-row.tsx';
import { type HeldRow, isQuiet } from './session-state.ts';
import type { Step } from './steps.ts';

/** The end of the stops at which one is: it cannot be moved further. */
export type StopEnd = 'first' | 'last' | 'both' | undefined;

interface NextStepsProps {
  session: DriverSession;
  item: HeldRow;
  end: StopEnd;
  handover: HandoverAnswers;
  onChange: (handover: HandoverAnswers) => void;
  /** The code of proofs. Without it nobody is kept from going on. */
  proofs: LoadedProofs;
  /** Opens the camera by a click. */
  camera: RefObject<HTMLInputElement | null>;
  /** The toast of the last step. It has a place among the other steps, so that the bar is no higher with it. */
  toast: ReactNode;
}

/** Whether the driver can do anything with a parcel of this status. */
export function hasSteps(status: Status): boolean {
  return isHeld(status);
}

/** One big button for the next step, with other steps apart from it. */
export function NextSteps(props: NextStepsProps) {
  const { session, item, handover, onChange, camera, proofs } = props;
  const { key, status } = item;
  const words = driver().step;
  const about = <OrderLabel id={item.known.view.payload.orderID} />;
  const missing = missingIn(props);
  const isLoaded = typeof proofs === 'object';
  const big = (label: string, step: Step, look: 'main' | 'plain' = 'main') => (
    <Button look={look} size="big" onClick={firstTap(() => takeStep(props, step))}>
      {isLoaded && missing.required.length > 0 ? proofs.todoText(missing.required) : label}
      {about}
    </Button>
  );
  if (handover.asksProof && isLoaded && missing.required.length === 0 && missing.warned.length > 0) {
    const goOn = () => session.actions.step(key, stepOf(props));
    return (
      <proofs.ProofQuestion
        {...{ item, handover, onChange, camera }}
        missing={missing.warned}
        onGoOn={goOn}
      />
    );
  }
  switch (status) {
    case 'claimed':
      return (
        <div className={styles['steps']}>
          {big(words.pickedUp, { event: 'in-transit' })}
          <Button look="quiet" onClick={firstTap(() => session.actions.step(key, { event: 'released' }))}>
            {words.release}
            {about}
          </Button>
          <Others {...props} />
        </div>
      );
    case 'in-transit':
      return <Delivery {...props} step={big(words.delivered, stepOf(props))} />;
    case 'failed':
      return (
        <div className={styles['pair']}>
          {big(shared().tryAgain, { event: 'retried' })}
          {big(words.returnToShop, { event: 'returning' }, 'plain')}
          <Others {...props} />
        </div>
      );
    case 'returning':
      return (
        <div className={styles['steps']}>
          {big(words.returned, { event: 'returned' })}
          <Others {...props} />
        </div>
      );
    default:
      return null;
  }
}

/** What the shop asks for and the driver has not done. */
function missingIn({ item, handover }: Pick<NextStepsProps, 'item' | 'handover'>): MissingProofs {
  return missingProofs(item.asked, item.draft, item.status === 'in-transit' ? handover : undefined);
}

/** Takes a step, or leads first to what it waits for. */
function takeStep(props: NextStepsProps, step: Step): void {
  const { session, item, handover, onChange, proofs, camera } = props;
  const { required, warned } = missingIn(props);
  if (typeof proofs === 'object' && required.length > 0) {
    const onPanel = (panel: ProofPanel) => onChange({ ...handover, panel });
    proofs.goToProof(required[0], { camera: camera.current, panel: handover.panel, onPanel });
    return;
  }
  const isComplete = proofs === 'missing' || required.length + warned.length === 0;
  if (!isComplete || handover.asksProof || handover.panel)
    onChange({ ...handover, panel: undefined, asksProof: !isComplete });
  if (isComplete) session.actions.step(item.key, step);
}

/** The next step of a parcel that needs proofs, as far as it was answered. */
function stepOf({ item: { status }, handover: { outcome, name } }: NextStepsProps): Step {
  if (status === 'claimed') return { event: 'in-transit' };
  if (status === 'returning') return { event: 'returned' };
  const receivedBy = name.trim() || undefined;
  // Whoever has a name has received it.
  return { event: 'delivered', outcome: outcome ?? (receivedBy ? 'recipient' : undefined), receivedBy };
}

/** Delivered in one tap, or why not. */
function Delivery({ step, ...props }: NextStepsProps & { step: ReactNode }) {
  const { session, item, handover, onChange } = props;
  const words = driver().step;
  const about = <OrderLabel id={item.known.view.payload.orderID} />;
  const ask = (asksWhy: boolean) => onChange({ ...handover, asksWhy, panel: undefined });
  if (handover.asksWhy) return <Reasons session={session} item={item} onDone={() => ask(false)} />;
  return (
    <div className={styles['steps']}>
      {step}
      <Others {...props}>
        <Button look="quiet" onClick={firstTap(() => ask(true))}>
          {words.notDelivered}
          {about}
        </Button>
      </Others>
    </div>
  );
}

/** What is less than the next step: other outcomes, the toast, and to put the stop before all others, or behind them. */
function Others({
  session: { actions },
  item,
  end,
  toast,
  children,
}: NextStepsProps & { children?: ReactNode }) {
  const { doNext, later } = driver().stops;
  // As long as the toast is news, nothing else needs its place.
  const isMovable =
    item.status !== 'failed' && item.status !== 'returning' && (!item.toast || isQuiet(item.toast));
  // The first to collect has no others beside it: one more row would push the list down, and another's Do next does the same.
  const canSink = end === undefined || (end === 'first' && item.status !== 'claimed');
  const move = (label: string, put: () => void) => (
    <Button look="quiet" onClick={firstTap(put)}>
      {label}
      <OrderLabel id={item.known.view.payload.orderID} />
    </Button>
  );
  return (
    <div className={styles['others']}>
      {children}
      {toast}
      {isMovable && end !== 'both' && end !== 'first' && move(doNext, () => actions.putFirst(item))}
      {isMovable && canSink && move(later, () => actions.putLast(item))}
    </div>
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
