import { messages } from './en/driver.ts';
import { wordsOf } from './spoken.ts';

export const driver = wordsOf(messages, {
  de: () => import('./de/driver.ts'),
  ar: () => import('./ar/driver.ts'),
});
