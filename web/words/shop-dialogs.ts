import { messages } from './en/shop-dialogs.ts';
import { wordsOf } from './spoken.ts';

export const shopDialogs = wordsOf(messages, {
  de: () => import('./de/shop-dialogs.ts'),
  ar: () => import('./ar/shop-dialogs.ts'),
});
