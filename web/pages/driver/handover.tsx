import type { ProofWish } from '../../../protocol/asked-proofs.ts';
import type { outcomes } from '../../../protocol/events.ts';
import { limits } from '../../../protocol/limits.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { firstTap } from '../../ui/first-tap.ts';
import { driver } from '../../words/driver.ts';
import styles from './handover.module.css';
import { OrderLabel } from './order-label.tsx';
import type { ProofPanel } from './proof-row.tsx';

type Outcome = (typeof outcomes)[number];

/** What a driver has said about a delivery before they take the step. */
export interface HandoverAnswers {
  readonly outcome: Outcome | undefined;
  /** Who received it, as typed. */
  readonly name: string;
  /** The page asks why it could not be delivered. */
  readonly asksWhy: boolean;
  /** The step was tried without the proofs that the shop asks for. */
  readonly asksProof: boolean;
  /** What is open below the row of proofs. */
  readonly panel: ProofPanel | undefined;
}

export const noAnswers: HandoverAnswers = {
  ...{ outcome: undefined, name: '', asksWhy: false },
  ...{ asksProof: false, panel: undefined },
};

/** The outcomes that are chips; others are rare. */
const offeredOutcomes = ['recipient', 'third-party', 'safe-place', 'mailbox'] as const satisfies Outcome[];

interface HandoverProps {
  orderID: string;
  answers: HandoverAnswers;
  /** How much the shop wants to know who received it. */
  wish: ProofWish | undefined;
  onChange: (answers: HandoverAnswers) => void;
}

/** Who or what will have a parcel: one row of chips, and a name once one of them is pressed. */
export function Handover({ orderID, answers, wish, onChange }: HandoverProps) {
  const { outcome, name } = answers;
  const words = driver();
  const isWanted = wish === 'warned' || wish === 'required';
  const hasReceiver = outcome !== 'safe-place' && outcome !== 'mailbox';
  const asksName = isWanted ? hasReceiver : wish !== undefined && outcome !== undefined;
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
      {asksName && (
        <Field
          className={styles['name']}
          label={isWanted ? words.step.receivedByWanted : words.step.receivedBy}
          error={answers.asksProof && isWanted && name.trim() === '' ? words.step.nameMissing : undefined}
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
