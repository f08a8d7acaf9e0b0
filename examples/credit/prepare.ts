// Splits the applicants into build/train.csv and build/test.csv, and measures the features of the first.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { columns, features, featuresOf, lineOf, type Row, readTable } from './table.ts';

/** A fifth of all possible rows is for testing. A row keeps its side when others come and go. */
function isForTesting(row: Row): boolean {
  return createHash('sha256').update(lineOf(row)).digest().readUInt32BE(0) < 2 ** 32 / 5;
}

function write(path: string, rows: readonly Row[]): void {
  writeFileSync(path, `${[columns.join(','), ...rows.map(lineOf)].join('\n')}\n`);
}

const applicants = readTable(process.argv[2] ?? 'data/applicants.csv');
const train = applicants.filter((row) => !isForTesting(row));
const test = applicants.filter(isForTesting);

// From the training rows only: what is known of the test rows must not reach the model.
const measured = train.map(featuresOf);
const mean = features.map((_, at) => measured.reduce((sum, row) => sum + row[at]!, 0) / measured.length);
const scale = features.map((_, at) =>
  Math.sqrt(measured.reduce((sum, row) => sum + (row[at]! - mean[at]!) ** 2, 0) / measured.length),
);

mkdirSync('build', { recursive: true });
write('build/train.csv', train);
write('build/test.csv', test);
writeFileSync('build/standardisation.json', `${JSON.stringify({ features, mean, scale }, null, 2)}\n`);
console.log(`${train.length} rows to train on, ${test.length} to test on`);
