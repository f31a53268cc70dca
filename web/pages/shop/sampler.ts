/** The worker behind samples.ts: faker is large, and here it costs the page nothing. Never imported. */

import { faker } from '@faker-js/faker/locale/en';
import type { Sample } from './samples.ts';

addEventListener('message', () => {
  const sample: Sample = {
    customer: faker.person.fullName(),
    address: `${faker.location.streetAddress()}, ${faker.location.city()}`,
  };
  postMessage(sample);
});
