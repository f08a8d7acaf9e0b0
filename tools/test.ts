// `npm test`: the suite, and at the end how much of it passed. `--long` runs what takes longer, too, and keeps a record.
// Everything else goes to vitest: `npm test -- packages/ledger`.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { executeTool } from './process.ts';
import { root } from './repository.ts';
import { readTestReport, type TestCounts, testLine } from './test-report.ts';

const words = process.argv.slice(2);
const isLong = words.includes('--long');
const requiresAll = process.env['HOLDFAST_REQUIRE'] === 'all';
const filters = words.filter((word) => word !== '--long');

const report = join(root, 'build', 'test-report.json');
mkdirSync(join(root, 'build'), { recursive: true });
rmSync(report, { force: true });

const began = performance.now();
const { status } = await executeTool(
  'vitest',
  ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...filters],
  { shown: true, env: { ...process.env, ...(isLong ? { HOLDFAST_LONG: '1' } : {}) } },
);
const seconds = (performance.now() - began) / 1000;
const counts = readTestReport(existsSync(report) ? readFileSync(report, 'utf8') : '', { status, requiresAll });

for (const name of counts.skippedNames) console.log(`${requiresAll ? 'failed, because skipped' : 'skipped'}: ${name}`);
if (isLong && filters.length === 0) record(counts);
console.log(testLine(counts));
process.exitCode = counts.failed > 0 ? 1 : 0;

/** docs/long-tests.md: the newest run of the long suite. */
function record({ passed, failed, skipped, files }: TestCounts): void {
  const slowest = files.filter(({ name }) => name.endsWith('.long.test.ts'));
  const page = [
    '# The long tests',
    '',
    '`npm run test:long` runs the suite with what takes longer: thousands of kills, long fuzzing, big files. It writes this page.',
    '',
    `${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${process.platform}-${process.arch}: ` +
      `${passed} passed, ${failed} failed, ${skipped} skipped, in ${(seconds / 60).toFixed(1)} minutes.`,
    '',
    '| file | passed | failed | skipped | seconds |',
    '|---|---|---|---|---|',
    ...slowest.map(
      (file) => `| ${file.name} | ${file.passed} | ${file.failed} | ${file.skipped} | ${file.seconds.toFixed(1)} |`,
    ),
    '',
  ];
  writeFileSync(join(root, 'docs', 'long-tests.md'), page.join('\n'));
}
