import { messages } from './en/log-keys.ts';
import { wordsOf } from './spoken.ts';

export const keysWords = wordsOf(messages, {
  de: () => import('./de/log-keys.ts'),
  ar: () => import('./ar/log-keys.ts'),
});
