import { messages } from './en/phone.ts';
import { wordsOf } from './spoken.ts';

export const phoneWords = wordsOf(messages, {
  de: () => import('./de/phone.ts'),
  ar: () => import('./ar/phone.ts'),
});
