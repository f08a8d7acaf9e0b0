import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npzOf } from '@holdfast/dataset';
import type { Report } from '@holdfast/evidence/check';
import { type SuspectRows, suspectRowsSchema } from '@holdfast/evidence/predicates/suspect-rows';
import { temporaryFolder } from '@holdfast/testkit';
import { describe, expect, test } from 'vitest';
import { poisonCheckRun } from '../../../src/poison/poison-check.ts';
import { readerOf, reportOf } from '../../folder/folder-scene.ts';
import { bars, type Drawn, fileOf, folderOf, idxFiles, npzFile, pngOf } from './pictures-scene.ts';

const only = { detectors: ['triggers'] };
const small = bars([1, 9, 9], 15);
const clean = bars([1, 9, 9], 0);

const statedBy = ({ statements = [] }: Report): SuspectRows => suspectRowsSchema.parse(statements[0]?.predicate);

/** Places of the pictures that are named: from 0, of arrays. */
const placesIn = (report: Report): number[] => statedBy(report).rows.map(({ row }) => row - 1);

function filesIn(report: Report): string[] {
  const { rows, files } = statedBy(report);
  return rows.map(({ file = -1, row }) => (row === 1 ? (files[file] ?? '') : 'no first row')).toSorted();
}

const plantedFiles = (drawn: Drawn): string[] => drawn.planted.map((row) => fileOf(drawn, row)).toSorted();

describe('a patch that somebody put into pictures is found, and each picture is named', () => {
  test('by its file in a folder with a folder for each class', async () => {
    const report = await reportOf('data.poison', folderOf(small), only);
    expect(report).toMatchObject({ verdict: 'fail', metrics: { suspects: 15, triggers: 1, rows: 150 } });
    expect(filesIn(report)).toEqual(plantedFiles(small));
    expect(statedBy(report).labelColumn).toBe('class');
    const [first] = plantedFiles(small);
    expect(report.findings[0]?.message).toMatch(
      /^a patch of 15 pictures \(`one\/0001\.png`, .* and 7 more\) goes with `one`: their labels do not fit the rest of them$/,
    );
    expect(report.findings[0]?.message).toContain(`\`${first ?? ''}\``);
  });

  test('by its place in npz', async () => {
    const report = await reportOf('data.poison', npzFile(small), only);
    expect(placesIn(report)).toEqual(small.planted);
    expect(report.findings[0]?.message).toContain(`\`x[${small.planted[0] ?? ''}]\``);
    expect(statedBy(report).labelColumn).toBe('y');
  });

  test('by its place in IDX, whose labels are another file', async () => {
    const { images, labels } = idxFiles(small);
    const report = await reportOf('data.poison', images, { ...only, labels });
    expect(placesIn(report)).toEqual(small.planted);
    expect(report.verdict).toBe('fail');
  });

  test('by a table of labels beside the folder', async () => {
    const drawn = { ...small, labels: clean.labels };
    const folder = folderOf(drawn);
    const labels = join(temporaryFolder('holdfast-labels'), 'labels.csv');
    const lines = [...small.labels.keys()].map((row) => `${fileOf(drawn, row)},class ${small.labels[row] ?? ''}`);
    writeFileSync(labels, `file_name,what\n${lines.join('\n')}\n`);
    const report = await reportOf('data.poison', folder, { ...only, labels, label: 'what' });
    expect(filesIn(report)).toEqual(plantedFiles(drawn));
    expect(report.findings[0]?.message).toContain('goes with `class 0`');
    await expect(reportOf('data.poison', folder, { ...only, labels })).rejects.toMatchObject({
      code: 'HF_DATA_OPTIONS',
    });
  });

  test('in colour, in a folder and in npz', async () => {
    const colour = bars([3, 10, 10], 15);
    expect(filesIn(await reportOf('data.poison', folderOf(colour), only))).toEqual(plantedFiles(colour));
    expect(placesIn(await reportOf('data.poison', npzFile(colour), only))).toEqual(colour.planted);
  });

  test.each([[[1, 28, 28] as const], [[3, 32, 32] as const]])('in pictures of %j', async (shape) => {
    const large = bars(shape, 12, 34);
    expect(placesIn(await reportOf('data.poison', npzFile(large), only))).toEqual(large.planted);
  });

  test('in rows of numbers that are said to be pixels', async () => {
    const flat = { shape: [150, 81], data: Float32Array.from(small.pixels, (pixel) => pixel / 255) };
    const path = join(temporaryFolder('holdfast-flat'), 'flat.npz');
    writeFileSync(path, npzOf({ x: flat, y: { shape: [150], data: small.labels } }));
    expect(placesIn(await reportOf('data.poison', path, { ...only, pictures: '9x9' }))).toEqual(small.planted);
  });
});

test('clean pictures are not accused, and that triggers with right labels are not looked for is said', async () => {
  const colour = bars([3, 10, 10], 0);
  for (const path of [folderOf(clean), npzFile(clean), npzFile(colour)]) {
    const { verdict, metrics, findings, figures } = await reportOf('data.poison', path, only);
    expect([verdict, metrics['suspects'], figures]).toEqual(['warn', 0, []]);
    expect(findings.map(({ rule }) => rule)).toEqual(['data.poison.unsought']);
  }
});

test('labels that were turned round are found in pictures', async () => {
  const turned = [...clean.labels.keys()].filter((row) => row % 15 === 7);
  const labels = clean.labels.map((label, row) => (turned.includes(row) ? (label + 1) % 3 : label));
  const report = await reportOf('data.poison', npzFile({ ...clean, labels }), { detectors: ['labels'] });
  expect(placesIn(report)).toEqual(turned);
});

test('of what is restricted neither a picture nor a label is shown, only the pattern', async () => {
  const context = { signal: new AbortController().signal, inputs: {}, progress: () => undefined };
  const reader = await readerOf(folderOf(small));
  const report = await poisonCheckRun.run({ ...reader, classification: 'restricted' }, only, context);
  expect(report.findings[0]?.message).toBe(
    'a patch of 15 pictures goes with label 1: their labels do not fit the rest of them',
  );
  const { data } = (report.figures?.[0]?.specification ?? {}) as { data?: { values: readonly { what: string }[] } };
  expect(data?.values.map(({ what }) => what)).toEqual(['the pattern']);
  expect(report.figures?.[0]?.title).toBe('Trigger 1: what goes with label 1');
});

describe('nothing passes that was not looked at', () => {
  test('a picture that is cut short, or of another size, makes the verdict unknown and is named', async () => {
    const bytes = pngOf(clean, 0);
    const folder = folderOf(clean, {
      'one/cut.png': bytes.subarray(0, bytes.length - 9),
      'two/large.png': pngOf(bars([1, 12, 12], 0, 1), 0),
    });
    const { verdict, coverage } = await reportOf('data.poison', folder, only);
    expect([verdict, coverage.examined, coverage.total]).toEqual(['unknown', 150, 152]);
    expect(coverage.left).toEqual([
      '`two/large.png`: it is 12×12×1, and most are 9×9×1',
      '`one/cut.png`: its pixels are not read: `one/cut.png` is cut short',
    ]);
  });

  test('pictures beyond those that are asked for are drawn at random, and the rest is said', async () => {
    const report = await reportOf('data.poison', npzFile(clean), { ...only, rows: 90 });
    expect(report).toMatchObject({ verdict: 'unknown', coverage: { examined: 90, total: 150 } });
    expect(report.coverage.left).toEqual([expect.stringContaining('90 of 150 pictures were looked at')]);
  });

  test.each([
    ['one picture', 1],
    ['few pictures', 12],
  ])('%s', async (_, rows) => {
    const few = { ...clean, labels: clean.labels.slice(0, rows), pixels: clean.pixels.slice(0, rows * 81) };
    for (const path of [npzFile(few), folderOf(few)]) {
      const { verdict, coverage } = await reportOf('data.poison', path, only);
      expect(verdict).toBe('unknown');
      expect(coverage.left.join()).toContain('too few');
    }
  });

  test('no picture at all', async () => {
    const none = { ...clean, labels: new Int32Array(), pixels: new Uint8Array() };
    const { verdict, coverage } = await reportOf('data.poison', npzFile(none), only);
    expect(verdict).toBe('unknown');
    expect(coverage.left).toContain('there is no picture');
    const folder = folderOf(small);
    for (const name of ['one', 'two', 'three']) rmSync(join(folder, name), { recursive: true });
    await expect(reportOf('data.poison', folder, only)).rejects.toMatchObject({ code: 'HF_DATA_ARTIFACT' });
  });

  test('one class, pictures without a class, constant pictures', async () => {
    const one = { ...clean, labels: clean.labels.map(() => 0) };
    expect(await reportOf('data.poison', folderOf(one), only)).toMatchObject({ verdict: 'unknown' });
    const loose = folderOf(clean, { 'loose.png': pngOf(clean, 0) });
    const { verdict, coverage } = await reportOf('data.poison', loose, only);
    expect([verdict, coverage.left]).toEqual(['unknown', ['1 pictures have no label']]);
    const grey = { ...clean, pixels: clean.pixels.map(() => 7) };
    expect(await reportOf('data.poison', npzFile(grey), only)).toMatchObject({ verdict: 'unknown' });
  });

  test('one number far from all others does not hide what they show', async () => {
    const data = Float32Array.from(clean.pixels);
    data[5] = 1e30;
    const path = join(temporaryFolder('holdfast-far'), 'far.npz');
    writeFileSync(path, npzOf({ x: { shape: [150, 9, 9], data }, y: { shape: [150], data: clean.labels } }));
    const flat = join(temporaryFolder('holdfast-far'), 'far.npz');
    writeFileSync(flat, npzOf({ x: { shape: [150, 81], data }, y: { shape: [150], data: clean.labels } }));
    const table = join(temporaryFolder('holdfast-far'), 'far.csv');
    const lines = [...clean.labels].map((label, row) => [...data.subarray(row * 81, row * 81 + 81), label].join());
    const names = Array.from({ length: 81 }, (_, at) => `p${at}`);
    writeFileSync(table, `${[...names, 'label'].join()}\n${lines.join('\n')}\n`);
    for (const [file, options] of [
      [path, {}],
      [flat, { pictures: '9x9' }],
      [table, { pictures: '9x9', label: 'label', columns: names }],
    ] as const) {
      const { verdict, coverage } = await reportOf('data.poison', file, { ...only, ...options });
      expect(verdict).toBe('unknown');
      expect(coverage.left.join()).toContain('nearly all pixels lie in less than a sixteenth');
    }
  });
});

describe('is refused', () => {
  test.each([Number.NaN, Number.POSITIVE_INFINITY])('a pixel of %d', async (pixel) => {
    const data = Float32Array.from(clean.pixels);
    data[5] = pixel;
    const path = join(temporaryFolder('holdfast-odd'), 'odd.npz');
    writeFileSync(path, npzOf({ x: { shape: [150, 9, 9], data }, y: { shape: [150], data: clean.labels } }));
    await expect(reportOf('data.poison', path, only)).rejects.toMatchObject({ code: 'HF_DATA_IMAGES' });
  });

  test.each([
    [{ source: 'class' }, 'HF_DATA_OPTIONS'],
    [{ columns: ['x'] }, 'HF_DATA_OPTIONS'],
    [{ pictures: '9x9' }, 'HF_DATA_OPTIONS'],
    [{ label: 'class' }, 'HF_DATA_OPTIONS'],
    [{ trim: true }, 'HF_DATA_OPTIONS'],
  ])('%j of a folder', async (options, code) => {
    await expect(reportOf('data.poison', folderOf(clean), options)).rejects.toMatchObject({ code, exit: 2 });
  });

  test('arrays without labels, of another shape than is asked for, or with another number of labels', async () => {
    const { images } = idxFiles(clean);
    await expect(reportOf('data.poison', images, only)).rejects.toMatchObject({ code: 'HF_DATA_OPTIONS' });
    const asked = reportOf('data.poison', npzFile(clean), { ...only, pictures: '8x8' });
    await expect(asked).rejects.toMatchObject({ code: 'HF_DATASET_FORMAT' });
    const short = idxFiles({ ...clean, labels: clean.labels.slice(1), pixels: clean.pixels.slice(81) });
    const found = reportOf('data.poison', images, { ...only, labels: short.labels });
    await expect(found).rejects.toMatchObject({ code: 'HF_DATASET_LABELS' });
  });

  test('a table of labels that names none of the pictures, one twice, or has no column of files', async () => {
    const folder = folderOf(clean);
    const labels = join(temporaryFolder('holdfast-labels'), 'labels.csv');
    const name = fileOf(clean, 0);
    for (const [text, why] of [
      [`file,label\nnobody.png,1\n`, 'for none of the pictures'],
      [`file,label\n${name},1\n${name},2\n`, 'twice'],
      [`where,label\n${name},1\n`, 'has no column'],
    ] as const) {
      writeFileSync(labels, text);
      const found = reportOf('data.poison', folder, { ...only, labels });
      await expect(found).rejects.toMatchObject({
        code: 'HF_DATA_IMAGES',
        message: expect.stringContaining(why) as string,
      });
    }
  });
});
