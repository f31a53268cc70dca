import { messages } from './en/log-filter.ts';
import { wordsOf } from './spoken.ts';

export const filterWords = wordsOf(messages, {
  de: () => import('./de/log-filter.ts'),
  ar: () => import('./ar/log-filter.ts'),
});
