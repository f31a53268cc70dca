/** A mutant of the low-memory proof: a hub that ignores backpressure when it writes answers. */

import { ServerResponse } from 'node:http';
import { runMutant } from '../../testkit/mutant-hub.ts';

const { write } = ServerResponse.prototype;
ServerResponse.prototype.write = function writeOn(this: ServerResponse, ...args: Parameters<typeof write>) {
  write.apply(this, args);
  return true;
} as typeof write;

await runMutant('writes without waiting for those who read');
