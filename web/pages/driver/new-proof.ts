import type { Command } from '../../../protocol/messages.ts';
import type { Proof } from '../../../protocol/proof.ts';

/** A proof before its step is recorded. */
export type NewProof = Omit<Proof, 'rev'>;

/** The proof in a command. */
export function proofIn({ event, details }: Pick<Command, 'event' | 'details'>): NewProof | undefined {
  if (event !== 'proof' || !details || !('kind' in details)) return undefined;
  const { rev: _, ...proof } = details as Proof;
  return proof;
}
