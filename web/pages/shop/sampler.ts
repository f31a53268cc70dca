/** The worker behind samples.ts, because faker is large. Never import it. */

import { faker } from '@faker-js/faker/locale/en';
import type { Sample } from './samples.ts';

addEventListener('message', () => {
  const sample: Sample = {
    customer: faker.person.fullName(),
    address: `${faker.location.streetAddress()}, ${faker.location.city()}`,
  };
  postMessage(sample);
});
