import { messages } from './en/scan.ts';
import { wordsOf } from './spoken.ts';

export const scanWords = wordsOf(messages, {
  de: () => import('./de/scan.ts'),
  ar: () => import('./ar/scan.ts'),
});
