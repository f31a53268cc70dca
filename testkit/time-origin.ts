const readingsMax = 50;

/**
 * When `performance.now()` was 0, in milliseconds of the clock that all processes of a machine share. Both clocks are read several
 * times, and the two readings that came closest together count: between others, the process may have had to wait.
 */
export function timeOrigin(): number {
  let [best, origin] = [Number.POSITIVE_INFINITY, 0];
  for (let i = 0; i < readingsMax; i++) {
    const before = performance.now();
    const shared = Number(process.hrtime.bigint()) / 1e6;
    const after = performance.now();
    if (after - before >= best) continue;
    best = after - before;
    origin = shared - (before + after) / 2;
  }
  return origin;
}
