import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Tests with a process each: they measure its memory, mock modules, or leave it in a state of its own. */
const alone = [
  'proofs/flip.test.ts',
  'server/main*.test.ts',
  'server/**/*memory.test.ts',
  'server/store/files/part-file.test.ts',
];
/**
 * Tests to start first: those that wait rather than compute, tens of seconds each, which would leave a core idle at the
 * end. Then the longest of the proofs and of those with their own process.
 */
const first = [
  ...['keyed.tries', 'legacy/plain', 'program', 'deadlines', 'track/track', 'rest.download.crowd'],
  ...['plain-questions', 'tcp/tcp', 'rest.devices', 'proxies', 'rest.stream'],
  ...['main', 'recipes', 'unread-answers', 'slow-reader', 'ten-lines', 'fuzz', 'move', 'flip'],
  ...[
    'isolation',
    'backup',
    'memory',
    'quick',
    'powercut',
    'resume',
    'race',
    'disk',
    'clock',
    'pause',
    'kill',
  ],
];

/** Orders the waiting tests first, then the proofs and those with their own process, then the many short ones. */
class Sequencer extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId, project }: TestSpecification): number => {
      const at = first.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
      if (at >= 0) return at;
      return first.length + (project.name === 'shared' ? 1 : 0);
    };
    return files.toSorted((a, b) => place(a) - place(b) || a.moduleId.localeCompare(b.moduleId));
  }
}

/** Generous, for busy machines; tests of speed have their own limits. */
const timeouts = { testTimeout: 180_000, hookTimeout: 180_000 };

export default defineConfig({
  test: {
    // Hundreds of hubs start: they share the first one's compile cache.
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'caps-compile-cache') },
    pool: 'forks',
    // Many tests wait, and browsers work at the same time, see suites.ts.
    maxWorkers: Math.max(4, availableParallelism() - 1),
    sequence: { sequencer: Sequencer },
    teardownTimeout: 5_000,
    restoreMocks: true,
    reporters: ['default', ['json', { outputFile: 'test-results/vitest.json' }]],
    projects: [
      {
        extends: true,
        test: {
          name: 'shared',
          include: [
            '*.test.ts',
            '{protocol,client,server,terminal,testkit,web,deploy,bench}/**/*.test.{ts,tsx}',
          ],
          exclude: alone,
          // A worker keeps its modules for its next file: loading takes longer than most tests.
          isolate: false,
          ...timeouts,
        },
      },
      {
        extends: true,
        test: {
          name: 'proofs',
          // Of several hubs, the shortest proof; `npm run test:cluster` has the others.
          include: ['proofs/**/*.test.ts', 'cluster/quick.test.ts'],
          // Torture takes hours.
          exclude: [...alone, '**/*.torture.test.ts'],
          // Their hubs have processes of their own.
          isolate: false,
          ...timeouts,
        },
      },
      {
        extends: true,
        test: { name: 'alone', include: alone, ...timeouts },
      },
    ],
  },
});
