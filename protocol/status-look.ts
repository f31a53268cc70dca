/** The shape of each status, shared by all pages and the hub. */

import type { Status } from './events.ts';

/** SVG paths in a 12 × 12 box, filled by the even-odd rule. Shapes tell statuses apart without colour. */
export const statusShapes: Readonly<Record<Status | 'other', string>> = {
  ready: 'M2 2h8v8H2z',
  claimed: 'M6 .8 11.2 6 6 11.2.8 6z',
  'in-transit': 'M2 1.5 11 6 2 10.5z',
  delivered: 'M1.3 6.3 2.9 4.7 5 6.8 9.6 1.9 11.2 3.4 5 10z',
  failed: 'M2.8 1.4 6 4.6l3.2-3.2 1.4 1.4L7.4 6l3.2 3.2-1.4 1.4L6 7.4l-3.2 3.2-1.4-1.4L4.6 6 1.4 2.8z',
  returning: ring(),
  returned: ring(),
  cancelled: ring(),
  other: ring(),
};

function ring(): string {
  return 'M6 1a5 5 0 1 0 0 10A5 5 0 0 0 6 1zm0 1.6a3.4 3.4 0 1 1 0 6.8 3.4 3.4 0 0 1 0-6.8z';
}
