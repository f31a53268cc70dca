/**
 * Runs before the hub, and in each of its threads before anything else: `npm start` has `--import`. Without it all works,
 * and each thread compiles its own modules, for which it takes some 10 MB more (docs/decisions/0071).
 */

import './compile-cache.js';
