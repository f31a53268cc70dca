import { messages } from './en/home.ts';
import { wordsOf } from './spoken.ts';

export const home = wordsOf(messages, {
  de: () => import('./de/home.ts'),
  ar: () => import('./ar/home.ts'),
});
