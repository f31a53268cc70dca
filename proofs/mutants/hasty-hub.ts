/** The mutant of the proof of stopping: the real hub, which at SIGTERM is gone at once. */

process.once('SIGTERM', () => process.exit(0));
await import('../../server/main.ts');

export {};
