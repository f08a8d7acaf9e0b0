// Scans the committed corpus and prints the table of docs/scan-corpus.md; with `--write` it writes the page.
//   node --conditions=source packages/scan/corpus/measure.ts [--write] [--misses]
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { families, lineOf, type Measured, measure, samplesOf, unpack } from './corpus.ts';

const page = join(import.meta.dirname, '../../../docs/scan-corpus.md');
const marks = ['<!-- table -->', '<!-- end of table -->'] as const;

const folder = mkdtempSync(join(tmpdir(), 'holdfast-corpus-'));
try {
  const measured: Measured[] = [];
  for (const family of families) {
    unpack(family, folder);
    measured.push(...(await measure(samplesOf(family), folder)));
  }
  const table = tableOf(measured);
  process.stdout.write(`${table}\n`);
  if (process.argv.includes('--misses')) for (const miss of missesOf(measured)) process.stdout.write(`${miss}\n`);
  if (process.argv.includes('--write')) writeFileSync(page, within(readFileSync(page, 'utf8'), table));
} finally {
  rmSync(folder, { recursive: true });
}

/** One line of each family, and one of each label. */
function tableOf(measured: readonly Measured[]): string {
  const verdicts = ['pass', 'warn', 'unknown', 'fail'] as const;
  const line = (name: string, some: readonly Measured[]): string => {
    const counts = verdicts.map((verdict) => some.filter(({ result }) => result.verdict === verdict).length);
    const proven = some.filter(({ sample }) => sample.proven === true).length;
    return `| ${[name, some.length, proven, ...counts].join(' | ')} |`;
  };
  const labels = ['malicious', 'benign'] as const;
  return [
    '| family | samples | loaded in the sandbox | pass | warn | unknown | fail |',
    '|---|---:|---:|---:|---:|---:|---:|',
    ...families.map((family) =>
      line(
        family,
        measured.filter(({ sample }) => sample.family === family),
      ),
    ),
    ...labels.map((label) =>
      line(
        `**all ${label}**`,
        measured.filter(({ sample }) => sample.label === label),
      ),
    ),
  ].join('\n');
}

/** What is called other than it is: malicious and clean, benign and not clean. */
function missesOf(measured: readonly Measured[]): string[] {
  const clean = ({ result }: Measured) => result.verdict === 'pass' || result.verdict === 'warn';
  return measured.filter((one) => clean(one) === (one.sample.label === 'malicious')).map(lineOf);
}

function within(text: string, table: string): string {
  const [start, end] = marks;
  const [before, after] = [text.indexOf(start), text.indexOf(end)];
  if (before < 0 || after < before) throw new Error(`no place for the table in ${page}`);
  return `${text.slice(0, before + start.length)}\n${table}\n${text.slice(after)}`;
}
