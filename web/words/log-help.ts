import { messages } from './en/log-help.ts';
import { wordsOf } from './spoken.ts';

export const helpWords = wordsOf(messages, {
  de: () => import('./de/log-help.ts'),
  ar: () => import('./ar/log-help.ts'),
});
