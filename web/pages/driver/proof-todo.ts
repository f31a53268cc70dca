/** What a step waits for, as what to do: the big button says it and leads there. */

import type { AskedProof } from '../../../protocol/asked-proofs.ts';
import { driver } from '../../words/driver.ts';
import { proofWords } from '../../words/driver-proof.ts';
import type { ProofPanel } from './proof-row.tsx';

/** @param kinds at least one */
export function todoText(kinds: readonly AskedProof[]): string {
  const { todo, todoAll } = proofWords().ask;
  const [first, ...others] = kinds;
  if (first !== undefined && others.length === 0) return todo[first];
  return todoAll(kinds.map((kind) => driver().proof.kind[kind]));
}

interface Ways {
  /** The camera of the open stop. */
  readonly camera: HTMLElement | null;
  /** What is open below the row of proofs. */
  readonly panel: ProofPanel | undefined;
  readonly onPanel: (panel: ProofPanel) => void;
}

/** Leads to what is to be done. The camera opens only within a tap. */
export function goToProof(kind: AskedProof | undefined, { camera, panel, onPanel }: Ways): void {
  const find = (selector: string) => document.querySelector<HTMLElement>(`[data-job="true"] ${selector}`);
  if (kind === undefined) return;
  if (kind === 'photo') camera?.click();
  else if (kind === 'receivedBy') find('input[autocapitalize="words"]')?.focus();
  else if (panel === kind) find('[data-pad]')?.scrollIntoView({ block: 'nearest' });
  else onPanel(kind);
}
