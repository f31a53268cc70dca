/** The routes of repeating orders. */

import { repeat } from './examples.ts';
import { route } from './route.ts';

const { id: _, next: __, ...wanted } = repeat;
const body = {
  required: true,
  examples: { repeat: { summary: 'Every Tuesday, from nine to twelve', value: wanted } },
} as const;
const errors = ['not-json', 'bad-message', 'too-large', 'not-allowed'] as const;
const nothing = { 404: 'No order of this store repeats under this id.' } as const;

export const repeatRoutes = {
  listRepeats: route('GET /api/stores/:store/repeats', {
    id: 'listRepeats',
    tag: 'Stores',
    summary: 'List the orders of a store that repeat',
    description:
      'For the store and admins. By id. `next` is the next day that has no order yet, `told` what became of days on which it went otherwise.',
    answers: { 200: 'All of them.' },
    example: { items: [repeat] },
    errors: ['bad-message', 'not-allowed'],
  }),
  addRepeat: route('POST /api/stores/:store/repeats', {
    id: 'addRepeat',
    tag: 'Stores',
    summary: 'Have an order repeat',
    description:
      'For the store and admins. The hub makes an order of it on each day of the rule, an hour before couriers are offered it: with the order id `<id>-<day>`, once, whatever happens to the hub. A day that passed while no hub ran is told, not made.',
    body,
    answers: { 201: 'It repeats.' },
    example: repeat,
    errors,
  }),
  changeRepeat: route('PUT /api/stores/:store/repeats/:id', {
    id: 'changeRepeat',
    tag: 'Stores',
    summary: 'Change an order that repeats',
    description:
      'For the store and admins. In the place of what there was. Days that have an order keep it as it is.',
    body,
    refusals: nothing,
    answers: { 200: 'As it repeats now.' },
    example: repeat,
    errors,
  }),
  removeRepeat: route('DELETE /api/stores/:store/repeats/:id', {
    id: 'removeRepeat',
    tag: 'Stores',
    summary: 'End an order that repeats',
    description: 'For the store and admins. Orders that were made of it stay.',
    refusals: nothing,
    answers: { 204: 'It repeats no more.' },
    errors: ['bad-message', 'not-allowed'],
  }),
} as const;
