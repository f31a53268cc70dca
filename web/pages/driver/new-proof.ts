import type { Answer, Command } from '../../../protocol/messages.ts';
import type { Proof } from '../../../protocol/proof.ts';

/** A proof before its step is recorded. */
export type NewProof = Omit<Proof, 'rev'>;

/** What the hub says of a PIN; undefined where it does not check any. */
export function pinIn(answer: Extract<Answer, { ok: true }>): 'right' | 'wrong' | undefined {
  const { pin } = answer as { readonly pin?: 'right' | 'wrong' };
  return pin;
}

/** The proof in a command. */
export function proofIn({ event, details }: Pick<Command, 'event' | 'details'>): NewProof | undefined {
  if (event !== 'proof' || !details || !('kind' in details)) return undefined;
  const { rev: _, ...proof } = details as Proof;
  return proof;
}
