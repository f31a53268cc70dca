import type { outcomes } from '../../../protocol/events.ts';
import { limits } from '../../../protocol/limits.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { firstTap } from '../../ui/first-tap.ts';
import { driver } from '../../words/driver.ts';
import styles from './handover.module.css';
import { OrderLabel } from './order-label.tsx';

type Outcome = (typeof outcomes)[number];

/** What a driver has said about a delivery before they take the step. */
export interface HandoverAnswers {
  readonly outcome: Outcome | undefined;
  /** Who received it, as typed. */
  readonly name: string;
  /** The page asks why it could not be delivered. */
  readonly asksWhy: boolean;
}

export const noAnswers: HandoverAnswers = { outcome: undefined, name: '', asksWhy: false };

/** The outcomes that are chips; others are rare. */
const offeredOutcomes = ['recipient', 'third-party', 'safe-place', 'mailbox'] as const satisfies Outcome[];

interface HandoverProps {
  orderID: string;
  answers: HandoverAnswers;
  onChange: (answers: HandoverAnswers) => void;
}

/** Who or what will have a parcel: one row of chips, and a name once one of them is pressed. */
export function Handover({ orderID, answers, onChange }: HandoverProps) {
  const { outcome, name } = answers;
  const words = driver();
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a border and a legend */}
      <div className={styles['outcomes']} role="group" aria-label={words.step.whoHasIt}>
        {offeredOutcomes.map((one) => (
          <Button
            key={one}
            aria-pressed={outcome === one}
            onClick={firstTap(() => onChange({ ...answers, outcome: outcome === one ? undefined : one }))}
          >
            {words.outcome[one]}
            <OrderLabel id={orderID} />
          </Button>
        ))}
      </div>
      {outcome && (
        <Field
          className={styles['name']}
          label={words.step.receivedBy}
          value={name}
          onChange={(typed) => onChange({ ...answers, name: typed })}
          maxLength={limits.nameLength}
          autoComplete="off"
          autoCapitalize="words"
          enterKeyHint="done"
        />
      )}
    </>
  );
}
