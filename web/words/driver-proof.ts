import { messages } from './en/driver-proof.ts';
import { wordsOf } from './spoken.ts';

export const proofWords = wordsOf(messages, {
  de: () => import('./de/driver-proof.ts'),
  ar: () => import('./ar/driver-proof.ts'),
});
