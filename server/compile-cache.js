/**
 * Keeps what Node compiles, for the next start. Half of a start is compilation.
 *
 * It is JavaScript, because whoever imports TypeScript that is not in the cache loads Node's compiler of it, and that
 * stays: 19 MB in the hub's own thread, 11 in each other one.
 */

import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/caps/compiled', import.meta.url)));
