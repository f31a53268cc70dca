import { messages } from './en/shop-day.ts';
import { wordsOf } from './spoken.ts';

export const shopDay = wordsOf(messages, {
  de: () => import('./de/shop-day.ts'),
  ar: () => import('./ar/shop-day.ts'),
});
