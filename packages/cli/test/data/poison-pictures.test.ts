import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSamples } from '@holdfast/dataset';
import { graphOf, modelOf, node, tensor, tensorValue, writeModel } from '@holdfast/onnx';
import { afterAll, describe, expect, test } from 'vitest';
import { bars, fileOf, folderOf, npzFile } from '../../../data/test/poison/pictures/pictures-scene.ts';
import { Scene } from '../scene.ts';

const scene = new Scene('nothing', 'one');
afterAll(() => {
  scene.remove();
});

const drawn = bars([3, 9, 9], 15);
const planted = drawn.planted.map((row) => fileOf(drawn, row)).toSorted();
const poison = 'holdfast data poison pictures --detectors triggers --threads 1';

/** A folder with the pictures in it. */
function withPictures(folder: string): string {
  renameSync(folderOf(drawn), join(folder, 'pictures'));
  return folder;
}

function filesBelow(folder: string): string[] {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  return found.map((each) => join(each.parentPath, each.name).slice(folder.length + 1)).toSorted();
}

describe('pictures that carry a trigger', () => {
  test('are drawn on a page, set aside as a folder, and the rest is clean', async () => {
    const folder = withPictures(scene.folder());
    const found = await scene.type(`${poison} --page page.html --json`, folder);
    expect(found.status).toBe(1);
    writeFileSync(join(folder, 'found.json'), found.stdout);
    const page = readFileSync(join(folder, 'page.html'), 'utf8');
    expect(page).toContain('<h2>Trigger 1: what goes with one</h2>');
    expect(page).toContain('mean of 15 accused');
    expect(page.match(/<img src="data:image\/png;base64,[\w+/=]+" alt="[^"]+">/g)).toHaveLength(10);
    expect(page).toContain('img-src data:');

    const divide = 'holdfast data quarantine pictures --output kept --set-aside aside --suspects found.json';
    const done = await scene.type(divide, folder);
    expect({ status: done.status, stderr: done.stderr }).toEqual({ status: 0, stderr: '' });
    expect(done.stdout).toContain('kept 135 · set aside 15 · 150 rows');
    expect(filesBelow(join(folder, 'aside'))).toEqual(planted);
    const all = filesBelow(join(folder, 'pictures'));
    expect(filesBelow(join(folder, 'kept'))).toEqual(all.filter((name) => !planted.includes(name)));
    for (const name of planted) {
      expect(readFileSync(join(folder, 'aside', name))).toEqual(readFileSync(join(folder, 'pictures', name)));
    }
    const again = await scene.type(poison.replace('pictures', 'kept'), folder);
    expect([again.status, again.stdout]).toEqual([0, expect.stringContaining('suspects 0')]);
    expect(await scene.type(divide, folder)).toMatchObject({ status: 2 });
  });

  test.each([
    ['--output kept.csv --set-aside aside --rows 1', 'is divided into folders, and `kept.csv` is a file'],
    ['--output kept --set-aside pictures/aside --rows 1', 'over the data, or among them'],
    ['--output kept --set-aside aside --rows 151', 'there is no row `151`'],
    ['--output kept --set-aside aside', 'no evidence says which rows'],
    ['--output there --set-aside aside --rows 1 --force', 'is there already, and pictures are not mixed'],
  ])('%s is refused, and nothing is written', async (rest, why) => {
    const folder = withPictures(scene.folder());
    mkdirSync(join(folder, 'there'));
    const { status, stderr } = await scene.type(`holdfast data quarantine pictures ${rest}`, folder);
    expect([status, stderr.replaceAll(/\s+/g, ' ')]).toEqual([2, expect.stringContaining(why)]);
    expect(readdirSync(folder).toSorted()).toEqual(['pictures', 'there']);
    expect(filesBelow(folder)).toHaveLength(150);
  });

  test('in npz are set aside as npz', async () => {
    const folder = scene.folder();
    renameSync(npzFile(drawn), join(folder, 'pictures.npz'));
    const found = await scene.type(`${poison.replace('pictures', 'pictures.npz')} --json`, folder);
    writeFileSync(join(folder, 'found.json'), found.stdout);
    const divide =
      'holdfast data quarantine pictures.npz --output kept.npz --set-aside aside.npz --suspects found.json';
    expect(await scene.type(divide, folder)).toMatchObject({ status: 0 });
    const [all, aside, kept] = await Promise.all(
      ['pictures', 'aside', 'kept'].map(async (name) => readSamples(join(folder, `${name}.npz`))),
    );
    const size = 3 * 9 * 9;
    expect([aside?.shape, kept?.shape]).toEqual([
      [15, 9, 9, 3],
      [135, 9, 9, 3],
    ]);
    const own = (row: number) => [...(all?.values.subarray(row * size, (row + 1) * size) ?? [])];
    expect([...(aside?.values ?? [])]).toEqual(drawn.planted.flatMap(own));
    expect([...(kept?.labels ?? [])]).toEqual([...drawn.labels].filter((_, row) => !drawn.planted.includes(row)));
    const csv = divide.replace('kept.npz', 'kept.csv').replace('aside.npz', 'other.npz');
    expect(await scene.type(csv, folder)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('written as npz'),
    });
  });

  test('in a project are named by evidence, and so set aside', async () => {
    const project = withPictures(await scene.project());
    const artifacts = ['pictures', 'kept', 'aside'].map((name) => `  ${name}: { path: ${name}, kind: dataset }`);
    const path = join(project, 'holdfast.yaml');
    const yaml = readFileSync(path, 'utf8');
    writeFileSync(path, yaml.replace('artifacts:\n', `artifacts:\n${artifacts.join('\n')}\n`));
    expect(await scene.type(poison, project)).toMatchObject({ status: 1 });
    const divide = 'holdfast data quarantine pictures --output kept --set-aside aside';
    expect(await scene.type(divide, project)).toMatchObject({ status: 0, stderr: '' });
    expect(filesBelow(join(project, 'aside'))).toEqual(planted);
    const { stdout: status } = await scene.type('holdfast status', project);
    expect(status).toMatch(/✓ pictures +pictures +15 rows set aside/);
    expect(status).toMatch(/! aside +aside +set aside from pictures/);
  });
});

describe('a model', () => {
  /** What it makes of a picture is the picture: channels last, from 0 to 1, as its metadata say. */
  function identity(metadata: Readonly<Record<string, string>>): Uint8Array {
    const graph = graphOf({
      name: 'identity',
      nodes: [node('Reshape', ['x', 'shape'], ['y'])],
      inputs: [tensorValue('x', 'FLOAT', ['n', 9, 9, 3])],
      outputs: [tensorValue('y', 'FLOAT', ['n', 243])],
      initializers: [tensor('shape', [2], BigInt64Array.of(-1n, 243n))],
    });
    return writeModel(modelOf({ graph, opsets: { '': 17 }, metadata }));
  }

  const embedded = 'holdfast data poison pictures --detectors embedded --model model.onnx --threads 1';

  test('is given pictures, and what nobody says is said', async () => {
    const folder = withPictures(scene.folder());
    const write = (metadata: Readonly<Record<string, string>>): void => {
      writeFileSync(join(folder, 'model.onnx'), identity(metadata));
    };
    write({});
    const unsaid = await scene.type(embedded, folder);
    expect(unsaid.stdout.replaceAll(/\s+/g, ' ')).toContain(
      'nobody says what pixels the model takes; it was given pixels from 0 to 1; colours in the order red, green, blue',
    );
    write({ 'Image.NominalPixelRange': 'Normalized_0_1', 'Image.BitmapPixelFormat': 'Rgb8' });
    expect((await scene.type(embedded, folder)).stdout).not.toContain('nobody says');
    write({ 'Image.BitmapPixelFormat': 'Rgb8' });
    expect((await scene.type(`${embedded} --pixel-range 0..255`, folder)).stdout).not.toContain('nobody says');
    const odd = await scene.type(`${embedded} --pixel-mean [0.5,0.5]`, folder);
    expect([odd.status, odd.stderr]).toEqual([2, expect.stringContaining('HF_DATA_MODEL')]);
  });
});
