import { messages } from './en/proofs.ts';
import { wordsOf } from './spoken.ts';

export const proofWords = wordsOf(messages, {
  de: () => import('./de/proofs.ts'),
  ar: () => import('./ar/proofs.ts'),
});
