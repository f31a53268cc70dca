import { count } from '../../numbers.ts';
import { Empty } from '../../ui/empty.tsx';
import { Panel } from '../../ui/panel.tsx';
import { HandItem } from './hand-item.tsx';
import styles from './hand-list.module.css';
import { hasSteps } from './next-steps.tsx';
import type { Shift } from './shift.ts';
import type { ShiftState } from './shift-state.ts';

interface HandListProps {
  shift: Shift;
  state: ShiftState;
  isUp: boolean;
}

/** The parcels that this driver has claimed or carries, each with its one next step. */
export function HandList({ shift, state, isUp }: HandListProps) {
  const { inHand, held, auto, onDuty, isKeeping } = state;
  const job = inHand.find(({ status }) => hasSteps(status))?.key;
  return (
    <Panel
      title="In hand"
      inset="flush"
      className={styles['panel']}
      isEmpty={inHand.length === 0}
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
          {inHand.map((item) => (
            <HandItem
              key={item.key}
              shift={shift}
              item={item}
              isUp={isUp}
              isKeeping={isKeeping}
              isJob={item.key === job}
            />
          ))}
        </ul>
      )}
    </Panel>
  );
}
