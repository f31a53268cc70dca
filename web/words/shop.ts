import { messages } from './en/shop.ts';
import { wordsOf } from './spoken.ts';

export const shop = wordsOf(messages, {
  de: () => import('./de/shop.ts'),
  ar: () => import('./ar/shop.ts'),
});
