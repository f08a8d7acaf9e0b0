import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { families, lineOf, type Measured, measure, type Sample, samplesOf, unpack } from '../corpus/corpus.ts';

let folder: string;
const samples: readonly Sample[] = families.flatMap((family) => samplesOf(family));
const measured: Measured[] = [];

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'holdfast-corpus-')));
  for (const family of families) {
    unpack(family, folder);
    measured.push(...(await measure(samplesOf(family), folder)));
  }
}, 300_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const labelled = (label: Sample['label']) => measured.filter(({ sample }) => sample.label === label);
const called = (label: Sample['label'], ...verdicts: string[]) =>
  labelled(label).filter(({ result }) => verdicts.includes(result.verdict));

describe('the corpus', () => {
  test('has at least 300 files of each label, and each is the file that its manifest describes', () => {
    for (const label of ['benign', 'malicious'] as const) expect(labelled(label).length).toBeGreaterThanOrEqual(300);
    for (const { path, sha256, format } of samples) {
      const file = join(folder, path);
      const bytes = format === 'link' ? readlinkSync(file) : readFileSync(file);
      expect([path, createHash('sha256').update(bytes).digest('hex')]).toEqual([path, sha256]);
    }
  });

  test('proves every malicious sample by a loader that reached its marker, or says why none can', () => {
    const claims = samples.filter(({ label, companion }) => label === 'malicious' && companion !== true);
    const unproven = claims.filter((sample) => (sample.proven === true) === (sample.unproven !== undefined));
    expect(unproven.map(({ path }) => path)).toEqual([]);
    const pickles = claims.filter(({ format }) => format === 'pickle');
    expect(pickles.filter(({ proven }) => proven === true).length / pickles.length).toBeGreaterThan(0.95);
  });
});

describe('the scan of the corpus', () => {
  test('calls no malicious sample clean', () => {
    expect(called('malicious', 'pass', 'warn').map(lineOf)).toEqual([]);
  });

  test('calls at most 0.5 % of the benign samples harmful', () => {
    const wrong = called('benign', 'fail');
    expect(wrong.length / labelled('benign').length, wrong.map(lineOf).join('\n')).toBeLessThanOrEqual(0.005);
  });

  test('leaves at most 5 % of the benign samples undecided', () => {
    const wrong = called('benign', 'unknown');
    expect(wrong.length / labelled('benign').length, wrong.map(lineOf).join('\n')).toBeLessThanOrEqual(0.05);
  });
});
