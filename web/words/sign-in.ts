import { messages } from './en/sign-in.ts';
import { wordsOf } from './spoken.ts';

export const signInWords = wordsOf(messages, {
  de: () => import('./de/sign-in.ts'),
  ar: () => import('./ar/sign-in.ts'),
});
