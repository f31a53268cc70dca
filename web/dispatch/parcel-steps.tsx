import { life } from '../../protocol/events.ts';
import type { ParcelView } from '../../protocol/messages.ts';
import { Button } from '../ui/button.tsx';
import { actionsWords } from '../words/log-actions.ts';
import styles from './parcel-actions.module.css';
import type { Actions } from './parcel-outcome.tsx';

/** Steps of the life that take one press, in the order of the page. */
const stepNames = ['delivered', 'retried', 'returning', 'returned', 'released'] as const;
export type StepName = (typeof stepNames)[number];

/** The steps that dispatch may take from here, each with what it does. */
export function ParcelSteps({ parcel, act }: { parcel: ParcelView; act: Actions['act'] }) {
  const words = actionsWords().step;
  const driver = parcel.holder?.name ?? parcel.holder?.id ?? '';
  return (
    <>
      {stepsFrom(parcel.status).map((event) => (
        <div key={event} className={styles['step']}>
          <Button size="small" onClick={() => void act({ event }, words[event].done)}>
            {words[event].do}
          </Button>
          <span className={styles['hint']}>{words[event].hint(driver)}</span>
        </div>
      ))}
    </>
  );
}

export function stepsFrom(status: ParcelView['status']): readonly StepName[] {
  return stepNames.filter((name) =>
    life.some(({ event, from, who }) => event === name && from.includes(status) && who.includes('admin')),
  );
}
