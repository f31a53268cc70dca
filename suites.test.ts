import { expect, it } from 'vitest';
import { chosenFor } from './changed.ts';
import { playwrightFailures, vitestFailures } from './suites.ts';

const texts = {
  'server/hub/hub.ts': "import { life } from '../../protocol/parcel.ts';",
  'server/hub/hub.test.ts': "import './hub.ts';",
  'server/main.ts': "import './hub/hub.ts';",
  'protocol/parcel.ts': '',
  'testkit/hub-process.ts': "const script = 'server/main.ts';",
  'proofs/kill.test.ts': "import '../testkit/hub-process.ts';",
  'proofs/kill.torture.test.ts': "import '../testkit/hub-process.ts';",
  'proofs/kill.mutant.torture.test.ts': "import './kill-run.ts'; start('proofs/mutants/early-hub.ts');",
  'proofs/kill-run.ts': "import '../testkit/ending.ts';",
  'proofs/mutants/early-hub.ts': "import '../../server/hub/hub.ts';",
  'testkit/ending.ts': "import '../server/hub/hub.ts';",
  'terminal/shop.ts': '',
  'terminal/programs.test.ts': `const file = \`terminal/\${name}.ts\`;`,
  'tidy.test.ts': '',
  'web/index.html': '<script src="./main.ts"></script>',
  'web/main.ts': "import './pages/log/page.ts';",
  'web/pages/log/page.ts': "import '../../live.ts';",
  'web/pages/log/page.test.ts': "import './page.ts';",
  'web/live.ts': '',
  'testkit/browser/pages.ts': 'class ShopPage {}; class LogPage {}',
  'testkit/browser/hub.ts': "new URL('../../server/main.ts', import.meta.url)",
  'e2e/log.spec.ts':
    "import '../testkit/browser/pages.ts'; import '../testkit/browser/hub.ts'; new LogPage(page);",
  'e2e/vendor.spec.ts': "import '../testkit/browser/pages.ts'; await open('/vendor?store=red');",
  'e2e/crash.spec.ts': "import '../testkit/browser/hub.ts';",
};

it.each([
  ['a file', ['server/hub/hub.ts'], ['proofs/kill.test.ts', 'server/hub/hub.test.ts'], ['e2e/crash.spec.ts']],
  ['a program that is started', ['server/main.ts'], ['proofs/kill.test.ts'], ['e2e/crash.spec.ts']],
  ['one of several programs', ['terminal/shop.ts'], ['terminal/programs.test.ts'], []],
  ['a part of a page', ['web/pages/log/page.ts'], ['web/pages/log/page.test.ts'], ['e2e/log.spec.ts']],
  ['a page that is opened by its address', ['web/pages/shop/gone.ts'], [], ['e2e/vendor.spec.ts']],
  [
    'what all pages share',
    ['web/live.ts'],
    ['web/pages/log/page.test.ts'],
    ['e2e/crash.spec.ts', 'e2e/log.spec.ts', 'e2e/vendor.spec.ts'],
  ],
  ['a test', ['server/hub/hub.test.ts'], ['server/hub/hub.test.ts'], []],
  ['what specs share', ['testkit/browser/pages.ts'], [], ['e2e/log.spec.ts', 'e2e/vendor.spec.ts']],
  ['nothing that is tested', ['docs/a.svg'], [], []],
])('a change of %s chooses what it can break, and tidiness', (_, changed, tests, specs) => {
  const mutants: string[] = [];
  expect(chosenFor(changed, texts)).toEqual({
    vitest: ['tidy.test.ts', ...tests],
    playwright: specs,
    mutants,
  });
});

it.each([
  ['package-lock.json', 'all', 'all'],
  ['vitest.config.ts', 'all', []],
  ['playwright.config.ts', ['tidy.test.ts'], 'all'],
])('a change of %s chooses everything that it is for', (path, vitest, playwright) => {
  expect(chosenFor([path], texts)).toEqual({ vitest, playwright, mutants: [] });
});

it.each([
  'proofs/kill.mutant.torture.test.ts',
  'proofs/kill-run.ts',
  'proofs/mutants/early-hub.ts',
  'testkit/ending.ts',
])('a change of %s chooses the test that the proof finds its mutant', (path) => {
  expect(chosenFor([path], texts).mutants).toEqual(['proofs/kill.mutant.torture.test.ts']);
});

it('a failure is printed with its place and its message', () => {
  const passed = { status: 'passed', fullName: 'is fine', failureMessages: [] };
  const failed = { status: 'failed', fullName: 'is not', failureMessages: ['expected 1\nto be 2'] };
  const testResults = [
    { name: 'a.test.ts', message: '', assertionResults: [passed, failed] },
    { name: 'b.test.ts', message: 'no such module', assertionResults: [] },
  ];
  expect(vitestFailures({ testResults })).toEqual([
    'a.test.ts › is not\n  expected 1\n  to be 2',
    'b.test.ts\n  no such module',
  ]);
  const spec = (title: string, errors: object[]) => ({
    ...{ file: 'a.spec.ts', title, tests: [{ results: [{ errors }] }] },
  });
  const suites = [
    { specs: [spec('is fine', [])], suites: [{ specs: [spec('is not', [{ message: 'not seen' }])] }] },
  ];
  expect(playwrightFailures({ suites, errors: [{ message: 'no browser' }] })).toEqual([
    'playwright\n  no browser',
    'e2e/a.spec.ts › is not\n  not seen',
  ]);
});
