import { useState } from 'react';
import type { WireError } from '../../protocol/errors.ts';
import { isCorrectable } from '../../protocol/events.ts';
import type { Answer, Command } from '../../protocol/messages.ts';
import type { AmendmentDetails, ParcelId } from '../../protocol/orders.ts';
import { errorText } from '../app/hub-answer.ts';
import { Button } from '../ui/button.tsx';
import { logWords } from '../words/log.ts';
import { actionsWords } from '../words/log-actions.ts';
import type { ParcelDesk } from './parcel-desk.ts';
import styles from './parcel-outcome.module.css';

export type Action = Pick<Command, 'event' | 'details'>;

/** The outcome of the latest action. */
type Outcome =
  | { readonly kind: 'pending' }
  /** `said`: a sentence for the user. */
  | { readonly kind: 'done'; readonly said: string; readonly undo: Action | undefined }
  | { readonly kind: 'refused'; readonly why: string; readonly retry: (() => void) | undefined };

/** @param said the sentence to show on success */
type Act = (action: Action, said: string) => Promise<boolean>;

export interface Actions {
  readonly act: Act;
  /** Changes the order. @returns the error if the hub refused it */
  readonly amend: (details: AmendmentDetails) => Promise<WireError | undefined>;
  readonly outcome: Outcome | undefined;
}

/** Sends dispatch's actions on this parcel and keeps the outcome of the latest one. */
export function useActions(desk: ParcelDesk, parcel: ParcelId): Actions {
  const [latest, setLatest] = useState<{ name: string; outcome: Outcome }>();
  const payload = { store: parcel.store, orderID: parcel.orderID };
  const name = JSON.stringify(payload);

  async function act(action: Action, said: string): Promise<boolean> {
    setLatest({ name, outcome: { kind: 'pending' } });
    const command = { ...action, payload } as Parameters<typeof desk.live.client.command>[0];
    const answer = await desk.live.client.command(command);
    setLatest({ name, outcome: outcomeOf(answer, action, said, () => void act(action, said)) });
    return answer.ok;
  }
  async function amend(details: AmendmentDetails): Promise<WireError | undefined> {
    const answer = await desk.live.client.command({ event: 'amended', payload, details });
    const said = actionsWords().amend.done;
    if (answer.ok) setLatest({ name, outcome: { kind: 'done', said, undo: undefined } });
    return answer.ok ? undefined : answer.error;
  }
  // Another parcel may be shown by the time of the answer.
  return { act, amend, outcome: latest?.name === name ? latest.outcome : undefined };
}

function outcomeOf(answer: Answer, { event }: Action, said: string, again: () => void): Outcome {
  if (!answer.ok) {
    const { error } = answer;
    return { kind: 'refused', why: errorText(error), retry: error.retryable ? again : undefined };
  }
  return { kind: 'done', said, undo: isCorrectable(event) ? takeBack(answer.rev) : undefined };
}

/** The outcome at the foot of the panel, where it does not move while the parcel's history grows. */
export function OutcomeLine({ outcome, act }: Actions) {
  const words = logWords().outcome;
  const undo = outcome?.kind === 'done' ? outcome.undo : undefined;
  const retry = outcome?.kind === 'refused' ? outcome.retry : undefined;
  return (
    <div className={styles['outcome']} role="status" data-kind={outcome?.kind}>
      {outcome?.kind === 'pending' && <span>{words.sending}</span>}
      {outcome?.kind === 'done' && <span>{outcome.said}</span>}
      {outcome?.kind === 'refused' && <span>{outcome.why}</span>}
      {undo && (
        <Button size="small" onClick={() => void act(undo, words.takenBack)}>
          {words.undo}
        </Button>
      )}
      {retry && (
        <Button size="small" onClick={retry}>
          {words.retry}
        </Button>
      )}
    </div>
  );
}

export function takeBack(rev: number): Action {
  return { event: 'corrected', details: { rev } };
}
