import { messages } from './en/board.ts';
import { wordsOf } from './spoken.ts';

export const boardWords = wordsOf(messages, {
  de: () => import('./de/board.ts'),
  ar: () => import('./ar/board.ts'),
});
