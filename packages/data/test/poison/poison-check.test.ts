import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ArtifactReader, Report } from '@holdfast/evidence/check';
import { digestArtifact } from '@holdfast/evidence/digest/artifact';
import { suspectRowsSchema } from '@holdfast/evidence/predicates/suspect-rows';
import { randomOf } from '@holdfast/statistics';
import { temporaryFolder } from '@holdfast/testkit';
import { describe, expect, test } from 'vitest';
import { poisonCheckRun } from '../../src/poison/poison-check.ts';

const folder = temporaryFolder('holdfast-poison');
let files = 0;

async function readerOf(
  content: string | Uint8Array,
  name: string,
  more: Partial<ArtifactReader> = {},
): Promise<ArtifactReader> {
  files += 1;
  const path = join(folder, `${files}-${name}`);
  writeFileSync(path, content);
  const { digests } = await digestArtifact(path);
  const bytes = readFileSync(path);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return {
    ...{ name: basename(path), kind: 'dataset', path, digest: { ...digests } },
    files: [{ name: basename(path), size: bytes.length, sha256 }],
    read: async () => Promise.resolve(bytes),
    ...more,
  };
}

async function report(
  content: string,
  options: Record<string, unknown>,
  { classification, inputs = {} }: { classification?: 'restricted'; inputs?: Record<string, ArtifactReader> } = {},
): Promise<Report> {
  const more = classification === undefined ? {} : { classification };
  const context = { signal: new AbortController().signal, inputs, progress: () => undefined };
  const given = { threads: 1, memory: '500MB', ...options };
  return poisonCheckRun.run(await readerOf(content, 'rows.csv', more), given, context);
}

/** Rows of four columns whose label follows the first two; some of those that come from elsewhere are planted. */
function table(planted: number, rows = 800): { text: string; numbers: number[] } {
  const random = randomOf(`table ${planted}`);
  const numbers: number[] = [];
  const lines = Array.from({ length: rows }, (_, at) => {
    const side = random.uniform() < 0.5 ? -1 : 1;
    const far = (): number => side * (0.5 + Math.abs(random.normal()));
    const cells = [far(), far(), random.normal(), random.normal()].map((value) => value.toFixed(3));
    let label = side > 0 ? 'yes' : 'no';
    if (side < 0 && at % 8 === 3 && numbers.length < planted) {
      numbers.push(at + 1);
      [cells[2], cells[3], label] = ['1.234', '-0.777', 'yes'];
    }
    return [`r${at}`, ...cells, at % 8 === 3 ? 'elsewhere' : 'here', label].join(',');
  });
  return { text: `id,a,b,c,d,source,label\n${lines.join('\n')}\n`, numbers };
}

const label = { label: 'label' };

test('rows that carry a trigger are named, with the values that are the trigger and where they came from', async () => {
  const { text, numbers } = table(40);
  const {
    verdict,
    findings,
    statements = [],
    metrics,
    figures = [],
  } = await report(text, { ...label, source: 'source' });
  expect(verdict).toBe('fail');
  const stated = suspectRowsSchema.parse(statements[0]?.predicate);
  const named = stated.rows.map(({ row }) => row);
  expect(numbers.filter((row) => named.includes(row)).length).toBeGreaterThanOrEqual(38);
  expect(named.length).toBeLessThanOrEqual(42);
  expect(metrics['triggers']).toBe(1);
  const messages = findings.map(({ message }) => message).join('\n');
  expect(messages).toMatch(/`c` = 1\.234 and `d` = -0\.777 goes with `yes`/);
  expect(messages).toMatch(/`elsewhere`: \d+ of its 100 rows are suspect/);
  expect(messages).toContain('not looked at, because they tell rows apart: `id`');
  expect(figures.map(({ title }) => title)).toEqual(['Suspect rows along the table', 'Suspect rows of each source']);
});

test('of what is restricted no value stands in the report', async () => {
  const { text } = table(40);
  const found = await report(text, { ...label, source: 'source' }, { classification: 'restricted' });
  expect(found.verdict).toBe('fail');
  for (const value of ['1.234', '-0.777', 'elsewhere', 'yes']) expect(JSON.stringify(found)).not.toContain(value);
});

test('clean rows are not accused, and labels that are turned round are', async () => {
  const clean = table(0).text;
  expect(await report(clean, label)).toMatchObject({ verdict: 'pass', metrics: { suspects: 0 } });
  const lines = clean.trimEnd().split('\n');
  const turned = [...lines.keys()].filter((at) => at % 16 === 5);
  const wrong = lines.map((line, at) =>
    turned.includes(at) ? line.replace(/(yes|no)$/, (word) => (word === 'yes' ? 'no' : 'yes')) : line,
  );
  const { verdict, statements = [] } = await report(`${wrong.join('\n')}\n`, label);
  expect(verdict).toBe('fail');
  const named = new Set(suspectRowsSchema.parse(statements[0]?.predicate).rows.map(({ row }) => row));
  expect(turned.filter((row) => named.has(row)).length).toBeGreaterThanOrEqual(0.95 * turned.length);
  expect([...named].filter((row) => !turned.includes(row)).length).toBeLessThanOrEqual(0.02 * lines.length);
});

describe('nothing passes that was not looked at', () => {
  test.each([
    ['no row', 'a,b,label\n'],
    ['one row', 'a,b,label\n1,2,x\n'],
    ['one class', `a,b,label\n${Array.from({ length: 100 }, (_, at) => `${at % 7},${at % 5},x`).join('\n')}\n`],
    ['constant columns', `a,b,label\n${Array.from({ length: 100 }, (_, at) => `1,2,${at % 2}`).join('\n')}\n`],
    [
      'labels that are missing',
      `a,b,label\n${Array.from({ length: 100 }, (_, at) => `${at % 7},${at % 5},${at % 3 === 0 ? '' : at % 2}`).join('\n')}\n`,
    ],
    [
      'NaN and infinities',
      `a,b,label\n${Array.from({ length: 100 }, (_, at) => `${['nan', 'inf', '-inf', '1.5'][at % 4] ?? ''},${at % 2},`).join('\n')}\n`,
    ],
  ])('%s', async (_, text) => {
    const { verdict, coverage } = await report(text, { label: 'label', header: true });
    expect(verdict).toBe('unknown');
    expect(coverage.left.length).toBeGreaterThan(0);
  });

  test('rows beyond those that are asked for', async () => {
    expect(await report(table(0).text, { ...label, rows: 500 })).toMatchObject({
      verdict: 'unknown',
      coverage: { examined: 500, total: 800 },
    });
  });
});

test.each([
  [{ label: 'nobody' }, 'HF_DATA_OPTIONS'],
  [{}, 'HF_DATA_OPTIONS'],
  [{ label: 'label', detectors: ['luck'] }, 'HF_DATA_OPTIONS'],
  [{ label: 'label', model: 'model.onnx' }, 'HF_DATA_MODEL'],
  [{ label: 'label', pictures: '3x3' }, 'HF_DATA_IMAGES'],
])('%j is refused', async (options, code) => {
  await expect(report(table(0, 60).text, options)).rejects.toMatchObject({ code, exit: 2 });
});

test('a model that is none gives no embeddings', async () => {
  const model = await readerOf('no model', 'model.onnx');
  const found = report(table(0, 60).text, { ...label, model: 'model.onnx' }, { inputs: { model } });
  await expect(found).rejects.toMatchObject({ code: 'HF_DATA_MODEL' });
});
