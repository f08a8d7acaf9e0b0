import type { ArtifactReader, OperationContext } from '@holdfast/evidence/check';
import type { SuspectRows } from '@holdfast/evidence/predicates/suspect-rows';
import { predicateTypes } from '@holdfast/evidence/predicates/types';
import { expect, test } from 'vitest';
import { chosenRows } from '../../src/quarantine/suspects.ts';

const sha256 = 'ab'.repeat(32);

function readerOf(text: string, digest: Record<string, string> = { sha256 }): ArtifactReader {
  return {
    ...{ name: 'rows.csv', kind: 'dataset', path: '/nowhere/rows.csv', digest },
    files: [{ name: 'rows.csv', size: text.length, sha256 }],
    read: async () => Promise.resolve(new TextEncoder().encode(text)),
  };
}

const suspects: SuspectRows = {
  ...{ check: { name: 'data.poison', version: '1' }, options: {}, labelColumn: 'label', files: ['rows.csv'] },
  ...{ examined: 10, total: 10, suspects: 3, share: { estimate: 0.3, low: 0.1, high: 0.6 }, left: [] },
  rows: [
    { row: 2, score: 0.9, reasons: ['trigger'], detectors: ['triggers'] },
    { row: 5, score: 0.4, reasons: ['label'], detectors: ['labels'] },
    { row: 9, score: 0.7, reasons: ['label'], detectors: ['labels'] },
  ],
};

const contextOf = (more: Partial<OperationContext>): OperationContext => ({
  ...{ signal: new AbortController().signal, inputs: {}, isForced: false, basis: [], folder: '/nowhere' },
  progress: () => undefined,
  ...more,
});

/** Chosen of what evidence about the artifact states. */
const byEvidence = async (predicate: unknown, minScore = 0, total = 10) =>
  chosenRows(
    readerOf(''),
    { minScore },
    contextOf({ basis: [{ id: 'sha256:aa', predicateType: predicateTypes.suspectRows, predicate }] }),
    { total },
  );

/** Chosen of what `data poison --json` printed. */
async function byFile(printed: unknown) {
  const inputs = { suspects: readerOf(typeof printed === 'string' ? printed : JSON.stringify(printed)) };
  return chosenRows(readerOf(''), { minScore: 0, suspects: 'found.json' }, contextOf({ inputs }), { total: 10 });
}

const printedOf = (predicate: unknown, digest = sha256) => ({
  result: {
    beside: [{ predicateType: predicateTypes.suspectRows, subject: [{ digest: { sha256: digest } }], predicate }],
  },
});

test('evidence names the rows, and is named', async () => {
  expect(await byEvidence(suspects)).toEqual({ rows: [2, 5, 9], basis: ['sha256:aa'] });
  expect(await byEvidence(suspects, 0.7)).toEqual({ rows: [2, 9], basis: ['sha256:aa'] });
});

test('so does what was printed about the same bytes', async () => {
  expect(await byFile(printedOf(suspects))).toEqual({ rows: [2, 5, 9], basis: [] });
});

test.each([
  ['about other bytes', printedOf(suspects, 'cd'.repeat(32)), 'is about other bytes'],
  ['without suspects', { result: { beside: [] } }, 'names no suspect rows'],
  ['of something else', { rows: [1] }, 'is not what `data poison --json` prints'],
  ['no JSON', '{', 'is not what `data poison --json` prints'],
  ['malformed', printedOf({ ...suspects, rows: [{ row: 0 }] }), 'is malformed'],
])('a file %s sets nothing aside', async (_, printed, message) => {
  await expect(byFile(printed)).rejects.toMatchObject({ code: 'HF_DATA_SUSPECTS', exit: 2 });
  await expect(byFile(printed)).rejects.toThrow(message);
});

test('a list that was cut short, of several files, or of rows that are not there sets nothing aside', async () => {
  await expect(byEvidence({ ...suspects, suspects: 4 })).rejects.toThrow('of 4 suspect rows only 3 are named');
  await expect(byEvidence({ ...suspects, files: ['a.csv', 'b.csv'] })).rejects.toThrow('of several files');
  await expect(byEvidence(suspects, 0, 8)).rejects.toThrow('there is no row `9`');
});
