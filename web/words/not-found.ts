import { messages } from './en/not-found.ts';
import { wordsOf } from './spoken.ts';

export const notFound = wordsOf(messages, {
  de: () => import('./de/not-found.ts'),
  ar: () => import('./ar/not-found.ts'),
});
