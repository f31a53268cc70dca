import { count } from '../../app/numbers.ts';
import { Moment } from '../../ui/age.tsx';
import { Panel } from '../../ui/panel.tsx';
import { PhraseText } from '../../ui/phrase-text.tsx';
import { proofWords } from '../../words/driver-proof.ts';
import type { SessionState } from './session-state.ts';
import styles from './shift-summary.module.css';

/** What a driver did, once they have gone off duty. */
export function ShiftSummary({ state }: { state: SessionState }) {
  const { shift, heldCount, onDuty } = state;
  const { delivered, failed, returned } = shift;
  if (onDuty || delivered + failed + returned === 0) return null;
  const words = proofWords().shift;
  const numbers = [
    [words.delivered, delivered],
    [words.failed, failed],
    [words.returned, returned],
    [words.inHand, heldCount],
  ] as const;
  return (
    <Panel
      title={words.title}
      className={styles['panel']}
      aside={
        <span className={styles['since']}>
          <PhraseText phrase={words.since(<Moment at={new Date(shift.since).toISOString()} />)} />
        </span>
      }
    >
      <dl className={styles['numbers']}>
        {numbers.map(([word, number]) => (
          <div key={word}>
            <dt>{word}</dt>
            <dd data-num>{count(number)}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
