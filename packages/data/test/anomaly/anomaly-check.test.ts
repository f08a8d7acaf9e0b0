import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { anomalyCheck } from '@holdfast/data/anomaly/check';
import type { Finding, Report } from '@holdfast/evidence/check';
import { randomOf } from '@holdfast/statistics';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { csv, lookAt, readerOf, type Written } from './anomaly-scene.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'anomaly-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const of = ({ findings }: Report, rule: string): Finding[] =>
  findings.filter((finding) => finding.rule === `data.anomaly.${rule}`);
const one = (report: Report, rule: string): Finding => {
  const found = of(report, rule);
  expect(found).toHaveLength(1);
  return found[0]!;
};

describe('exact duplicates', () => {
  const rows = [
    ['a', 'b', 'c'],
    ['x', 1, 2],
    ['y', 1, 2],
    ['x', 1, 2],
    ['x', 1, null],
    ['y', 2, 2],
    ['x', 1, null],
    ['x', 1, 2],
  ];

  test('are counted and named, rows with the same missing values among them', async () => {
    const report = await lookAt(csv(folder, 'duplicates.csv', rows));
    expect(report.metrics).toMatchObject({ rows: 7, duplicate_rows: 3, duplicate_groups: 2, duplicate_share: 3 / 7 });
    const { message, where } = one(report, 'duplicates');
    expect(message).toBe('3 rows repeat an earlier one in all 3 columns: 2 groups, the largest of 3 rows');
    expect(where).toBe('rows 1, 3, 7; rows 4, 6');
    expect(report.verdict).toBe('warn');
  });

  test('are those of the columns that were named', async () => {
    const report = await lookAt(csv(folder, 'columns.csv', rows), { options: { columns: ['b', 'c'] } });
    // (1, 2) four times, (1, –) twice, (2, 2) once
    expect(report.metrics).toMatchObject({ duplicate_rows: 4, duplicate_groups: 2 });
  });

  test('are none where only the ends of values meet: ab,c is not a,bc, and missing is not the text for it', async () => {
    const lines = [
      ['a', 'b'],
      ['ab', 'c'],
      ['a', 'bc'],
      ['1:a', '-'],
      ['1', 'a-'],
      ['-', '1:a'],
      [null, '1:a'],
      ['-', null],
    ];
    const report = await lookAt(csv(folder, 'ends.csv', lines));
    expect(report.metrics['duplicate_rows']).toBe(0);
  });

  test('break a limit that was declared, or keep within it', async () => {
    const path = csv(folder, 'limits.csv', rows);
    expect((await lookAt(path, { options: { maxDuplicates: 0.4 } })).verdict).toBe('fail');
    expect((await lookAt(path, { options: { maxDuplicates: 0.43 } })).verdict).toBe('pass');
  });

  test('are found across the files of a folder, and named with the file', async () => {
    const shards = join(folder, 'shards');
    mkdirSync(shards);
    csv(shards, 'part-0.csv', [
      ['a', 'b'],
      ['x', 1],
      ['y', 2],
    ]);
    csv(shards, 'part-1.csv', [
      ['a', 'b'],
      ['z', 3],
      ['x', 1],
      ['x', 1],
    ]);
    const report = await lookAt(shards);
    expect(report.metrics).toMatchObject({ rows: 5, duplicate_rows: 2, duplicate_groups: 1 });
    expect(one(report, 'duplicates').where).toBe('rows 1/1, 2/2, 2/3 (file/row)');
  });
});

describe('labels', () => {
  test('that contradict each other are counted; a missing one contradicts nothing', async () => {
    const lines = [
      ['a', 'b', 'y'],
      [1, 'p', 'yes'],
      [1, 'p', 'no'],
      [2, 'q', 'yes'],
      [2, 'q', null],
      [3, 'r', 'no'],
      [3, 'r', 'no'],
      [1, 'p', 'no'],
    ];
    const report = await lookAt(csv(folder, 'conflicts.csv', lines), { options: { label: 'y' } });
    expect(report.metrics).toMatchObject({ conflict_rows: 3, conflict_groups: 1, conflict_share: 3 / 7 });
    expect(one(report, 'label-conflict').where).toBe('rows 1, 2, 7');
    const shards = join(folder, 'conflicting');
    mkdirSync(shards);
    csv(shards, 'part-0.csv', lines.slice(0, 2));
    csv(shards, 'part-1.csv', [lines[0]!, ...lines.slice(2)]);
    const split = await lookAt(shards, { options: { label: 'y' } });
    expect(split.metrics).toMatchObject({ conflict_rows: 3, conflict_groups: 1 });
    expect(one(split, 'label-conflict').where).toBe('rows 1/1, 2/1, 2/6 (file/row)');
  });

  test('that a column copies are found: as another word, as a number, and not as noise or a key', async () => {
    const random = randomOf('labels');
    const lines: Written[][] = [['key', 'copy', 'score', 'noise', 'weak', 'y']];
    for (let row = 0; row < 600; row += 1) {
      const y = random.uniform() < 0.3;
      const score = y ? 5 + random.uniform() : random.uniform();
      const weak = random.uniform() < 0.8 ? y : !y;
      lines.push([
        `k${row * 7919}`,
        y ? 'ja' : 'nein',
        score.toFixed(6),
        random.integer(9),
        weak ? 'p' : 'q',
        y ? 1 : 0,
      ]);
    }
    const report = await lookAt(csv(folder, 'leaks.csv', lines), { options: { label: 'y' } });
    expect(of(report, 'target-leak').map(({ where }) => where)).toEqual(['column copy', 'column score']);
    expect(one(report, 'identifier').where).toBe('column key');
    expect(report.metrics['target_leak_columns']).toBe(2);
    expect(report.metrics['best_column_skill']).toBe(1);
    expect(report.verdict).toBe('warn');
    const declared = await lookAt(csv(folder, 'leaks.csv', lines), { options: { label: 'y', maxTargetSkill: 0.99 } });
    expect(declared.verdict).toBe('fail');
  });

  test('in a table that has no such column are refused', async () => {
    const path = csv(folder, 'nolabel.csv', [['a'], [1]]);
    await expect(lookAt(path, { options: { label: 'y' } })).rejects.toMatchObject({
      code: 'HF_DATA_OPTIONS',
      message: 'the table has no column `y`',
      fix: 'name one of `a`',
    });
    await expect(lookAt(path, { options: { text: ['a'] } })).rejects.toMatchObject({ code: 'HF_DATA_OPTIONS' });
  });
});

describe('between two tables', () => {
  const train = [
    ['id', 'age', 'job', 'y'],
    [1, 30, 'cook', 'a'],
    [2, 40, 'smith', 'b'],
    [3, 50, 'cook', 'a'],
    [4, 40, 'smith', 'a'],
  ];

  test('rows that stand in both fail, whatever their label and their key', async () => {
    const lines = [
      ['id', 'age', 'job', 'y'],
      ...Array.from({ length: 30 }, (_, row) => [row + 100, 20 + row, row === 20 ? 'smith' : 'baker', 'b']),
    ];
    const report = await lookAt(csv(folder, 'test.csv', lines), {
      against: csv(folder, 'train.csv', train),
      options: { label: 'y' },
    });
    expect(report.verdict).toBe('fail');
    expect(report.metrics).toMatchObject({ leaked_rows: 1, leaked_reference_rows: 2, leaked_share: 1 / 30 });
    expect(one(report, 'leakage').where).toBe('row 21 there rows 2, 4');
    const allowed = await lookAt(csv(folder, 'test.csv', lines), {
      against: csv(folder, 'train.csv', train),
      options: { label: 'y', maxLeakage: 0.04, maxOutOfRange: 1 },
    });
    expect(allowed.verdict).toBe('pass');
  });

  test('numbers are compared as numbers, where one of the tables has whole ones only', async () => {
    const report = await lookAt(
      csv(folder, 'whole.csv', [
        ['x', 'z'],
        [1, 'a'],
        [2, 'b'],
      ]),
      {
        against: csv(folder, 'real.csv', [
          ['x', 'z'],
          ['1.0', 'a'],
          ['2.5', 'b'],
        ]),
      },
    );
    expect(report.metrics).toMatchObject({ leaked_rows: 1 });
    expect(one(report, 'leakage').where).toBe('row 1 there row 1');
  });

  test('values that the reference does not have are counted, and shown only where that is allowed', async () => {
    const path = csv(folder, 'outside.csv', [
      ['age', 'job'],
      [29, 'cook'],
      [51, 'smith'],
      [35, 'jester'],
      [44, null],
      [46, 'smith'],
    ]);
    const against = csv(folder, 'inside.csv', train);
    const shown = await lookAt(path, { against, options: { columns: ['age', 'job'] } });
    expect(of(shown, 'range').map(({ message, where }) => [message, where])).toEqual([
      ['`age`: 2 values lie outside 30 to 50, as in the reference', 'column age, rows 1, 2'],
      ['`job`: 1 value lies outside one of the 2 texts of the reference', 'column job, row 3'],
    ]);
    expect(shown.metrics).toMatchObject({ out_of_range_values: 3, out_of_range_share: 0.4 });
    expect(shown.verdict).toBe('warn');
    const hidden = await lookAt(path, {
      against,
      classification: 'confidential',
      options: { columns: ['age', 'job'] },
    });
    expect(of(hidden, 'range')[0]?.message).toBe('`age`: 2 values lie outside the range of the reference');
    expect(JSON.stringify(hidden.findings)).not.toMatch(/30|50|cook|smith|jester/);
  });

  test('a column that the reference does not have is not compared, which leaves the verdict unknown', async () => {
    const report = await lookAt(
      csv(folder, 'more.csv', [
        ['x', 'new'],
        [1, 'a'],
        [2, 'b'],
      ]),
      {
        against: csv(folder, 'less.csv', [['x'], [7], [8]]),
        options: { maxOutOfRange: 1 },
      },
    );
    expect(report.coverage.left).toEqual(['the reference has no `new`: not compared']);
    expect(report.verdict).toBe('unknown');
  });

  test('a reference that is named and not there is refused', async () => {
    const check = await anomalyCheck.load();
    const reader = await readerOf(csv(folder, 'alone.csv', [['a'], [1]]));
    const context = { signal: new AbortController().signal, inputs: {}, progress: () => undefined };
    await expect(check.run(reader, { against: 'gone.csv' }, context)).rejects.toMatchObject({
      code: 'HF_DATA_ARTIFACT',
    });
  });

  test('documents of the one that stand nearly the same in the other are named', async () => {
    const random = randomOf('documents');
    const document = (): string => Array.from({ length: 25 }, () => `word${random.integer(3000)}`).join(' ');
    const known = Array.from({ length: 40 }, document);
    const lines = [
      ['text'],
      ...Array.from({ length: 40 }, (_, row) => [row === 5 ? `${known[7]!} indeed` : document()]),
    ];
    const report = await lookAt(csv(folder, 'fresh.csv', lines), {
      against: csv(folder, 'known.csv', [['text'], ...known.map((text) => [text])]),
    });
    expect(report.metrics).toMatchObject({ leaked_rows: 0, near_leaked_rows: 1, near_duplicate_rows: 0 });
    expect(one(report, 'near-leakage').where).toBe('row 6 is row 8 of the reference');
    expect(report.verdict).toBe('warn');
  });
});

describe('columns', () => {
  test('that tell rows apart are known by name, order, or their own text; numbers that differ are not', async () => {
    const random = randomOf('columns');
    const lines: Written[][] = [['case_number', 'ordered', 'nick', 'weight', 'group', 'same', 'none']];
    const weights = random.shuffle(Array.from({ length: 60 }, (_, row) => 1000 + row * 3));
    for (let row = 0; row < 60; row += 1) {
      lines.push([(row * 37) % 61, row * 2, `n${(row * 17) % 60}`, weights[row], row % 4, 'x', null]);
    }
    const report = await lookAt(csv(folder, 'kinds.csv', lines));
    expect(of(report, 'identifier').map(({ message }) => message)).toEqual([
      '`case_number` tells rows apart: its name says so',
      '`ordered` tells rows apart: it only rises or falls from row to row',
      '`nick` tells rows apart: it is a text that nearly every row has for itself',
    ]);
    expect(of(report, 'constant').map(({ message }) => message)).toEqual([
      '`same` has one value in all rows',
      '`none` has no value in all rows',
    ]);
    expect(report.verdict).toBe('pass');
  });
});

describe('near duplicates', () => {
  test('of rows are those that differ in one cell of many, and those that differ in their key alone', async () => {
    const random = randomOf('near rows');
    const names = ['id', ...Array.from({ length: 10 }, (_, at) => `c${at}`)];
    const rows = Array.from({ length: 50 }, (_, row) => [
      row,
      ...Array.from({ length: 10 }, () => random.integer(1000)),
    ]);
    rows.push([1000, ...rows[3]!.slice(1)]);
    rows.push([1001, ...rows[8]!.slice(1, 10), 5000]);
    rows.push([1002, ...rows[9]!.slice(1, 9), 5001, 5002]);
    const report = await lookAt(csv(folder, 'near.csv', [names, ...rows]));
    expect(report.metrics).toMatchObject({ duplicate_rows: 0, near_duplicate_rows: 4 });
    expect(one(report, 'near-duplicates').where).toBe('rows 4, 51; rows 9, 52');
  });

  test('of texts are compared as was asked', async () => {
    const text = 'the contract ends when either side says so in writing and the other side has read it';
    const lines = [
      ['t'],
      [text],
      [`${text.slice(0, -2)}them`],
      ['something else that is long enough to be a document by itself'],
    ];
    const path = csv(folder, 'texts.csv', lines);
    expect((await lookAt(path)).metrics['near_duplicate_rows']).toBe(2);
    expect((await lookAt(path, { options: { threshold: 0.95 } })).metrics['near_duplicate_rows']).toBe(0);
    const characters = { shingles: 'characters', shingleSize: 5, threshold: 0.9 };
    expect((await lookAt(path, { options: characters })).metrics['near_duplicate_rows']).toBe(2);
  });
});

describe('what no table should be', () => {
  test.each([
    [
      'one row',
      [
        ['a', 'b'],
        [1, 'x'],
      ],
    ],
    ['one column', [['a'], [1], [2], [3]]],
    [
      'nothing but missing values',
      [
        ['a', 'b'],
        [null, 'x'],
        [null, 'y'],
        [null, 'z'],
      ],
    ],
    [
      'infinite numbers',
      [
        ['a', 'b'],
        ...Array.from({ length: 30 }, (_, row) => [
          row === 3 ? 'inf' : row === 4 ? 'nan' : (row * 7) % 31,
          `t${row % 3}`,
        ]),
      ],
    ],
  ])('%s is looked at and gives numbers', async (name, lines) => {
    const report = await lookAt(csv(folder, `${name}.csv`, lines));
    expect(Object.values(report.metrics).every(Number.isFinite)).toBe(true);
    expect(report.verdict).not.toBe('unknown');
  });

  test('rows that are all the same are one group', async () => {
    const report = await lookAt(csv(folder, 'same.csv', [['a', 'b'], ...Array.from({ length: 500 }, () => [7, 'x'])]));
    expect(report.metrics).toMatchObject({ duplicate_rows: 499, duplicate_groups: 1, near_duplicate_rows: 0 });
    expect(one(report, 'duplicates').where).toMatch(/^rows 1, 2, 3, /);
    expect(of(report, 'outlier')).toEqual([]);
  });

  test('a table without rows is unknown, and so is one that is held against such a table', async () => {
    const empty = csv(folder, 'empty.csv', [['a', 'b']]);
    const report = await lookAt(empty, { options: { label: 'b' } });
    expect(report.verdict).toBe('unknown');
    expect(report.coverage).toEqual({ examined: 0, total: 0, left: ['the table has no rows'] });
    const against = await lookAt(
      csv(folder, 'full.csv', [
        ['a', 'b'],
        [1, 'x'],
        [2, 'y'],
      ]),
      { against: empty },
    );
    expect(against.verdict).toBe('unknown');
  });

  test('bytes that change while they are read are refused', async () => {
    const path = csv(folder, 'changing.csv', [['a'], [1]]);
    const check = await anomalyCheck.load();
    const reader = await readerOf(path);
    const context = {
      ...{ signal: new AbortController().signal, inputs: {} },
      progress: (): void => {
        appendFileSync(path, '\n2');
      },
    };
    await expect(check.run(reader, {}, context)).rejects.toMatchObject({ code: 'HF_DATA_CHANGED' });
  });

  test('what a report says fits into evidence, however long names are and whatever they hold', async () => {
    const name = `bell\u0007${'x'.repeat(5000)}`;
    const lines = [[name, 'b'], ...Array.from({ length: 3000 }, (_, row) => [7, `word ${row % 1500}`])];
    const report = await lookAt(csv(folder, 'names.csv', lines));
    expect(report.metrics).toMatchObject({ duplicate_rows: 1500, constant_columns: 1 });
    for (const { message, where = '' } of report.findings) {
      expect(message.length).toBeLessThanOrEqual(4000);
      expect(where.length).toBeLessThanOrEqual(4000);
      expect(message + where).not.toContain('\u0007');
    }
  });

  test('options that are unknown or out of their range are refused', async () => {
    const path = join(folder, 'options.csv');
    writeFileSync(path, 'a\n1\n');
    for (const options of [{ maxDuplicates: 2 }, { threshold: 0 }, { shingles: 'letters' }, { nonsense: 1 }]) {
      await expect(lookAt(path, { options })).rejects.toMatchObject({ code: 'HF_DATA_OPTIONS' });
    }
  });

  test('an abort ends it', async () => {
    const path = csv(folder, 'abort.csv', [['a'], [1]]);
    await expect(lookAt(path, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  });
});
