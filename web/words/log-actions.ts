import { messages } from './en/log-actions.ts';
import { wordsOf } from './spoken.ts';

export const actionsWords = wordsOf(messages, {
  de: () => import('./de/log-actions.ts'),
  ar: () => import('./ar/log-actions.ts'),
});
