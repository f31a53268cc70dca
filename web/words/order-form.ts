import { messages } from './en/order-form.ts';
import { wordsOf } from './spoken.ts';

export const orderForm = wordsOf(messages, {
  de: () => import('./de/order-form.ts'),
  ar: () => import('./ar/order-form.ts'),
});
