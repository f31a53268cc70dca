import { messages } from './en/driver-scan.ts';
import { wordsOf } from './spoken.ts';

export const driverScan = wordsOf(messages, {
  de: () => import('./de/driver-scan.ts'),
  ar: () => import('./ar/driver-scan.ts'),
});
