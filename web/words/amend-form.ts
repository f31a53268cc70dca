import { messages } from './en/amend-form.ts';
import { wordsOf } from './spoken.ts';

export const amendForm = wordsOf(messages, {
  de: () => import('./de/amend-form.ts'),
  ar: () => import('./ar/amend-form.ts'),
});
