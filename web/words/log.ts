import { messages } from './en/log.ts';
import { wordsOf } from './spoken.ts';

export const logWords = wordsOf(messages, {
  de: () => import('./de/log.ts'),
  ar: () => import('./ar/log.ts'),
});
