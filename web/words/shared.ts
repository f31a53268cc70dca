import { messages } from './en/shared.ts';
import { wordsOf } from './spoken.ts';

export const shared = wordsOf(messages, {
  de: () => import('./de/shared.ts'),
  ar: () => import('./ar/shared.ts'),
});
