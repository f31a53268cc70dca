import { messages } from './en/shop-import.ts';
import { wordsOf } from './spoken.ts';

export const shopImport = wordsOf(messages, {
  de: () => import('./de/shop-import.ts'),
  ar: () => import('./ar/shop-import.ts'),
});
