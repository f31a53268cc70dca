import { useId } from 'react';
import {
  type AskedProof,
  askedProofs,
  type ProofWish,
  type ProvenStep,
  proofWishes,
  provenSteps,
} from '../../../protocol/asked-proofs.ts';
import type { Profile } from '../../../protocol/profile.ts';
import { shopDialogs as words } from '../../words/shop-dialogs.ts';
import styles from './proof-settings.module.css';

type AskedAt = Profile['proofs'];

/** What makes sense at each step: the PIN is the customer's. */
const offered: Readonly<Record<ProvenStep, readonly AskedProof[]>> = {
  delivery: ['photo', 'receivedBy', 'signature', 'pin', 'scan'],
  collection: ['photo', 'signature', 'scan'],
  return: ['photo', 'receivedBy', 'signature'],
};

interface ProofSettingsProps {
  proofs: AskedAt;
  onChange: (proofs: AskedAt) => void;
}

/** Which proofs drivers are asked for, and what that means for them. */
export function ProofSettings({ proofs, onChange }: ProofSettingsProps) {
  const { proof } = words().details;
  const change = (step: ProvenStep, kind: AskedProof, wish: ProofWish | undefined) => {
    const all = provenSteps.map((one) => [one, askedProofs({ proofs }, one)] as const);
    const changed = all.map(([one, asked]) => [one, one === step ? { ...asked, [kind]: wish } : asked]);
    onChange(Object.fromEntries(changed) as AskedAt);
  };
  const stepOf = (step: ProvenStep) => (
    <ProofStep key={step} step={step} proofs={proofs} onChange={(kind, wish) => change(step, kind, wish)} />
  );
  return (
    <section className={styles['proofs']} aria-label={proof.title}>
      <h3>{proof.title}</h3>
      <p className={styles['hint']}>{proof.hint}</p>
      {stepOf('delivery')}
      <details>
        <summary>{proof.more}</summary>
        {(['collection', 'return'] as const).map((step) => (
          <section key={step} className={styles['step']} aria-label={proof.step[step]}>
            <h4>{proof.step[step]}</h4>
            {stepOf(step)}
          </section>
        ))}
      </details>
    </section>
  );
}

interface ProofStepProps {
  step: ProvenStep;
  proofs: AskedAt;
  onChange: (kind: AskedProof, wish: ProofWish | undefined) => void;
}

function ProofStep({ step, proofs, onChange }: ProofStepProps) {
  const asked = askedProofs({ proofs }, step);
  return (
    <div className={styles['rows']}>
      {offered[step].map((kind) => (
        <Row key={kind} kind={kind} wish={asked[kind]} onChange={(wish) => onChange(kind, wish)} />
      ))}
    </div>
  );
}

interface RowProps {
  kind: AskedProof;
  wish: ProofWish | undefined;
  onChange: (wish: ProofWish | undefined) => void;
}

function Row({ kind, wish, onChange }: RowProps) {
  const { proof } = words().details;
  const id = useId();
  const effectId = `${id}-effect`;
  return (
    <div className={styles['row']}>
      <label htmlFor={id}>{proof.kind[kind]}</label>
      <select
        id={id}
        value={wish ?? 'off'}
        aria-describedby={effectId}
        onChange={({ currentTarget: { value } }) => onChange(proofWishes.find((one) => one === value))}
      >
        {(['off', ...proofWishes] as const).map((one) => (
          <option key={one} value={one}>
            {proof.wish[one]}
          </option>
        ))}
      </select>
      <p id={effectId} className={styles['hint']}>
        {proof.effect[wish ?? 'off']}
        {kind === 'pin' && wish !== undefined && ` ${proof.pin}`}
      </p>
    </div>
  );
}
