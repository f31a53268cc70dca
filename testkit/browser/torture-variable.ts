/**
 * `e2e/torture.config.ts` sets it. It is in a file of its own, because `torture.ts` reads the environment when it is first
 * imported: were that before it is set, Playwright would collect the tests of `npm test`.
 */
export const tortureVariable = 'BROWSER_TORTURE';
