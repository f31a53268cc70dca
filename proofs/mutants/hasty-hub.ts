/** The mutant of the stop proof: the real hub, but SIGTERM exits at once. */

process.once('SIGTERM', () => process.exit(0));
await import('../../server/main.ts');

export {};
