import type { RefObject } from 'react';
import type { AskedProof } from '../../../protocol/asked-proofs.ts';
import { Button } from '../../ui/button.tsx';
import { firstTap } from '../../ui/first-tap.ts';
import { driver } from '../../words/driver.ts';
import { proofWords } from '../../words/driver-proof.ts';
import { Chips } from './chips.tsx';
import type { HandoverAnswers } from './handover.tsx';
import type { MissingProofs } from './proof-asks.ts';
import type { ProofPanel } from './proof-row.tsx';
import type { HeldRow } from './session-state.ts';

interface ProofQuestionProps {
  item: HeldRow;
  handover: HandoverAnswers;
  onChange: (handover: HandoverAnswers) => void;
  /** Opens the camera by a click. */
  camera: RefObject<HTMLInputElement | null>;
  /** The shop wants it, and takes the step without it as well. */
  missing: MissingProofs['warned'];
  /** Takes the step without what is missing. */
  onGoOn: () => void;
}

/** Says what the shop would like, and has each of it one tap away. */
export function ProofQuestion({ item, handover, onChange, camera, missing, onGoOn }: ProofQuestionProps) {
  const { ask } = proofWords();
  const named = missing.map((kind) => driver().proof.kind[kind]);
  const close = (panel?: ProofPanel) => onChange({ ...handover, asksProof: panel !== undefined, panel });
  const open = (kind: Exclude<AskedProof, 'receivedBy'>) => {
    if (kind === 'photo') camera.current?.click();
    else close(kind);
  };
  return (
    <Chips item={item} text={ask.wanted(named)} onBack={() => close()}>
      {missing
        .filter((kind) => kind !== 'receivedBy')
        .filter((kind) => kind !== handover.panel)
        .map((kind) => (
          <Button key={kind} onClick={firstTap(() => open(kind))}>
            {ask.todo[kind]}
          </Button>
        ))}
      <Button
        onClick={firstTap(() => {
          close();
          onGoOn();
        })}
      >
        {ask.without(named)}
      </Button>
    </Chips>
  );
}
