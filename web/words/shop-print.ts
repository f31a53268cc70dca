import { messages } from './en/shop-print.ts';
import { wordsOf } from './spoken.ts';

export const shopPrint = wordsOf(messages, {
  de: () => import('./de/shop-print.ts'),
  ar: () => import('./ar/shop-print.ts'),
});
