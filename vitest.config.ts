import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** A process for each: they start hubs by the dozen, kill them, weigh them, or put something else in a module's place. */
const alone = [
  'production.test.ts',
  'proofs/**/*.test.ts',
  'server/main*.test.ts',
  'server/**/*memory.test.ts',
  'server/store/sqlite/part-file.test.ts',
];
/**
 * What begins first: those that wait rather than compute, tens of seconds each. Begun last, they would leave a core with
 * nothing to do. Then the longest of those that have a process of their own.
 */
const first = [
  ...['tcp', 'keyed.tries', 'plain', 'program', 'track', 'deadlines', 'rest.download.crowd'],
  ...['plain-questions', 'rest.stream'],
  ...['resume', 'clock', 'main', 'pause', 'kill', 'simulation', 'unread-answers', 'memory'],
  ...['fuzz', 'race', 'isolation'],
];

/** Those that wait, those with a process of their own, and then the many short ones. */
class Sequencer extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId, project }: TestSpecification): number => {
      const at = first.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
      if (at >= 0) return at;
      return first.length + (project.name === 'alone' ? 0 : 1);
    };
    return files.toSorted((a, b) => place(a) - place(b) || a.moduleId.localeCompare(b.moduleId));
  }
}

/** For machines that do something else as well; what has to be quick says so itself. */
const timeouts = { testTimeout: 180_000, hookTimeout: 180_000 };

export default defineConfig({
  test: {
    // Hubs are started by the hundred: what the first has compiled need not be compiled again.
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'caps-compile-cache') },
    pool: 'forks',
    // Many of them wait, and browsers work at the same time, see suites.ts.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    sequence: { sequencer: Sequencer },
    teardownTimeout: 5_000,
    restoreMocks: true,
    reporters: ['default', ['json', { outputFile: 'test-results/vitest.json' }]],
    projects: [
      {
        extends: true,
        test: {
          name: 'shared',
          include: ['*.test.ts', '{protocol,client,server,terminal,testkit,web}/**/*.test.{ts,tsx}'],
          exclude: alone,
          // What a worker has loaded serves its next file as well: loading takes longer than most of them.
          isolate: false,
          ...timeouts,
        },
      },
      {
        extends: true,
        // Hours, not seconds: `npm run torture`.
        test: { name: 'alone', include: alone, exclude: ['**/*.torture.test.ts'], ...timeouts },
      },
    ],
  },
});
