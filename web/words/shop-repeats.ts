import { messages } from './en/shop-repeats.ts';
import { wordsOf } from './spoken.ts';

export const shopRepeats = wordsOf(messages, {
  de: () => import('./de/shop-repeats.ts'),
  ar: () => import('./ar/shop-repeats.ts'),
});
