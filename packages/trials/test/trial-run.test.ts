import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npzOf } from '@holdfast/dataset/write-npz';
import { node } from '@holdfast/onnx';
import { temporaryFolder } from '@holdfast/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { type KeptJournal, openJournal } from '../src/robustness/kept-journal.ts';
import { mergeShards } from '../src/robustness/merge.ts';
import { robustnessOptions } from '../src/robustness/options.ts';
import { readOutput } from '../src/robustness/output/report-file.ts';
import { writeOutput } from '../src/robustness/output/write-output.ts';
import { robustnessReport } from '../src/robustness/report.ts';
import {
  runTrial,
  type TrialIdentity,
  type TrialSurroundings,
  trialRobustness,
} from '../src/robustness/run-robustness.ts';
import { blocksOf, parseShard } from '../src/robustness/shard.ts';
import type { TrialResult } from '../src/robustness/trial-result.ts';
import { digitsOptions, modelFile, smallModel } from './trial-scene.ts';

const bytes = modelFile('digits-mlp.trace-11.onnx');
// three blocks of rows
const options = digitsOptions();
const trial = async (where: TrialSurroundings = {}): Promise<TrialResult> => runTrial(bytes, options, where);

/** What a trial writes, by the name of the file. */
async function written(result: TrialResult, folder = temporaryFolder()): Promise<Record<string, Buffer>> {
  const files = await writeOutput(folder, 'model.onnx', result, robustnessReport(result));
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(folder, file))]));
}

let whole: TrialResult;
let files: Record<string, Buffer>;
beforeAll(async () => {
  whole = await trial();
  files = await written(whole);
});

describe('a trial comes to the same bytes', () => {
  test('when it runs twice', async () => {
    expect(Object.keys(files)).toEqual(['report.json', 'adversarial.npz', 'robustness.html', 'adversarial.png']);
    expect(await written(await trial())).toEqual(files);
    expect(await trialRobustness(bytes, options)).toEqual(robustnessReport(whole));
  });

  test('and to others with another seed', async () => {
    // in L2, where the end of a path depends on its beginning
    const [one, same, other] = await Promise.all(
      ['0', '0', '1'].map(async (seed) => {
        const given = digitsOptions({ norm: 'l2', epsilon: 1, rows: 20, attack: ['pgd'], seed });
        return (await runTrial(bytes, given)).changed;
      }),
    );
    expect(one!.rows.length).toBeGreaterThan(10);
    expect(same).toEqual(one);
    expect(other!.changed).not.toEqual(one!.changed);
  });

  test('in shards that are merged, in any order', async () => {
    const folders: string[] = [];
    for (const index of [3, 1, 2]) {
      const folder = temporaryFolder();
      const shard = await trial({ shard: { index, of: 3 } });
      expect(robustnessReport(shard).verdict).toBe('unknown');
      await written(shard, folder);
      folders.push(folder);
    }
    const merged = await mergeShards(folders);
    expect(merged.name).toBe('model.onnx');
    expect(await written(merged.result)).toEqual(files);
    const report = robustnessReport(merged.result);
    expect(report.metrics).toEqual(robustnessReport(whole).metrics);
    expect(report.coverage).toEqual({ examined: 130, total: 130, left: [] });
  });

  test('when it is stopped and goes on', async () => {
    const folder = temporaryFolder();
    const { result, journal } = await stoppedIn(folder, 20);
    expect(result.isInterrupted).toBe(true);
    expect(result.rows).toHaveLength(64);
    // what is finished is the beginning of the whole
    expect(result.rows).toEqual(whole.rows.slice(0, 64));
    expect(robustnessReport(result).verdict).toBe('unknown');
    const resumed: KeptJournal[] = [];
    const again = await trial({
      journal: (identity) => {
        const opened = openJournal(folder, identity);
        resumed.push(opened);
        return opened;
      },
    });
    expect(resumed[0]?.found).toBeGreaterThan(15);
    expect(await written(again)).toEqual(files);
    expect(readFileSync(journal.path, 'utf8').split('\n')[0]).toContain('an unfinished trial');
    journal.discard();
    expect(readdirSync(folder)).toEqual([]);
  });
});

/** A trial that is told to stop after so many units of work. */
async function stoppedIn(folder: string, after: number): Promise<{ result: TrialResult; journal: KeptJournal }> {
  const controller = new AbortController();
  const journals: KeptJournal[] = [];
  let units = 0;
  const result = await trial({
    signal: controller.signal,
    progress: () => {
      units += 1;
      if (units === after) controller.abort();
    },
    journal: (identity) => {
      const opened = openJournal(folder, identity);
      journals.push(opened);
      return opened;
    },
  });
  return { result, journal: journals[0]! };
}

test('a model that rounds its inputs away only looks robust, and the report says why', async () => {
  // steps of a half: no gradient leads over them, and a change of 0.3 does
  const nodes = [
    node('Add', ['x', 'x'], ['two']),
    node('Round', ['two'], ['steps']),
    node('MatMul', ['steps', 'w'], ['y']),
  ];
  const folder = temporaryFolder();
  const rows = 8;
  const x = Float32Array.from({ length: rows * 4 }, (_, index) => 0.5 + 0.04 * (index % 5));
  const arrays = { x: { shape: [rows, 4], data: x }, y: { shape: [rows], data: new Int32Array(rows).fill(2) } };
  writeFileSync(join(folder, 'samples.npz'), npzOf(arrays));
  const given = robustnessOptions({ data: 'samples.npz', norm: 'linf', epsilon: 0.1, attack: ['fgsm', 'pgd'] });
  const { verdict, findings } = await trialRobustness(smallModel(nodes), given, { folder });
  expect(verdict).toBe('warn');
  const signs = findings.filter(({ rule }) => rule === 'trial.robustness.masking').map(({ message }) => message);
  expect(signs).toContain('the gradient is zero, or no number, at 8 of the 8 rows that are right');
  expect(signs).toContainEqual(expect.stringMatching(/^room does not help: .* 8 rows withstand still$/));
});

describe('a journal', () => {
  const identity = (model: string): TrialIdentity => ({
    ...{ model, data: 'sha256:d', options, shard: null },
    software: whole.software,
  });
  const fail = async (): Promise<never> => Promise.reject(new Error('done again'));

  test('keeps what survived a kill in the middle of a line, and nothing that is damaged', async () => {
    const folder = temporaryFolder();
    const first = openJournal(folder, identity('m'));
    for (const unit of ['a', 'b', 'c']) await first.once(unit, async () => Promise.resolve([unit, 0.1, null]));
    const text = readFileSync(first.path, 'utf8');
    // torn in the last line, and one digit changed in that of b
    writeFileSync(first.path, text.slice(0, -5).replace('"b",0.1', '"b",0.2'));
    const second = openJournal(folder, identity('m'));
    expect(second.found).toBe(1);
    expect(await second.once('a', fail)).toEqual(['a', 0.1, null]);
    await expect(second.once('b', fail)).rejects.toThrow('done again');
    expect(await second.once('c', async () => Promise.resolve('anew'))).toBe('anew');
    const third = openJournal(folder, identity('m'));
    expect(third.found).toBe(2);
    expect(await third.once('c', fail)).toBe('anew');
  });

  test('is of one trial only, also where lines of another are copied into it', async () => {
    const folder = temporaryFolder();
    const one = openJournal(folder, identity('one'));
    await one.once('a', async () => Promise.resolve(1));
    const other = openJournal(folder, identity('other'));
    expect(other.path).not.toBe(one.path);
    appendFileSync(other.path, readFileSync(one.path));
    expect(openJournal(folder, identity('other')).found).toBe(0);
    expect(openJournal(folder, identity('one'), { isFresh: true }).found).toBe(0);
  });
});

describe('shards', () => {
  test('have every block of rows exactly once', () => {
    for (const of of [1, 2, 3, 7]) {
      const all = Array.from({ length: of }, (_, index) => blocksOf(500, 64, { index: index + 1, of })).flat();
      expect(all.sort((a, b) => a - b)).toEqual([0, 64, 128, 192, 256, 320, 384, 448]);
    }
  });

  test.each(['', '0/3', '4/3', '3', '1/0', '1/2/3', 'a/b', '-1/2', '1.5/2'])('are not `%s`', (text) => {
    expect(() => parseShard(text)).toThrow(expect.objectContaining({ code: 'HF_TRIALS_OPTIONS' }));
  });

  test('are as many as there are blocks at most', async () => {
    await expect(trial({ shard: { index: 4, of: 4 } })).rejects.toMatchObject({
      code: 'HF_TRIALS_OPTIONS',
      fix: 'rows go together by 64: at most 3 shards',
    });
  });

  /** Rows as if nothing had been broken: no samples go with them. */
  const rows = (): TrialResult['rows'] => whole.rows.map(({ row, label, clean }) => ({ row, label, clean }));
  const nothing = { rows: [], original: new Float32Array(), changed: new Float32Array() };
  /** Shards that are made of the whole trial: which rows each has is for the one who merges to check. */
  async function folderOf(more: Partial<TrialResult>, some = rows()): Promise<string> {
    const folder = temporaryFolder();
    await written({ ...whole, changed: nothing, rows: some, ...more }, folder);
    return folder;
  }
  const half = (index: number) => ({ shard: { index, of: 2 } });
  const [low, high] = [() => rows().slice(0, 64), () => rows().slice(64)];

  test('that are missing, double or of another trial are refused', async () => {
    const [one, two] = [await folderOf(half(1), low()), await folderOf(half(2), high())];
    expect((await mergeShards([two, one])).result.rows).toEqual(rows());
    const refused = async (code: string, message: string | RegExp, ...folders: string[]): Promise<void> => {
      await expect(mergeShards(folders)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    };
    await refused('HF_TRIALS_SHARD_MISSING', 'there is no shard');
    await refused('HF_TRIALS_SHARD_MISSING', 'missing: 2/2', one);
    await refused(
      'HF_TRIALS_SHARD_MISSING',
      '2 of 130 rows are in no shard, such as row 128',
      one,
      await folderOf(half(2), high().slice(0, -2)),
    );
    await refused('HF_TRIALS_SHARD_MISSING', 'such as row 64', one, await folderOf(half(2), high().slice(1)));
    await refused('HF_TRIALS_SHARD_TWICE', 'are both shard 1/2', one, one);
    await refused('HF_TRIALS_SHARD_TWICE', 'row 0 is in more than one', one, await folderOf(half(2), rows()));
    await refused('HF_TRIALS_SHARD_TWICE', 'it is the whole trial', await folderOf({}), await folderOf({}));
    const foreign: [string, Partial<TrialResult>][] = [
      ['model', { subject: { ...whole.subject, model: 'sha256:00' } }],
      ['samples', { subject: { ...whole.subject, data: 'sha256:00' } }],
      ['options', { options: digitsOptions({ seed: '1' }) }],
      ['versions', { software: { ...whole.software, onnxruntime: '0' } }],
      ['attacks', { members: whole.members.slice(1) }],
      ['rows', { asked: 131 }],
      ['number of shards', { shard: { index: 2, of: 3 } }],
    ];
    for (const [what, more] of foreign) {
      const other = await folderOf({ ...half(2), ...more }, high());
      await refused('HF_TRIALS_SHARD_FOREIGN', new RegExp(`differ in ${what}$`), one, other);
    }
  });

  test('may run on different processors', async () => {
    const one = await folderOf(half(1), low());
    const two = await folderOf({ ...half(2), software: { ...whole.software, processor: 'A' } }, high());
    const { software } = (await mergeShards([one, two])).result;
    expect(software.processor.split(' and ').sort()).toEqual(['A', whole.software.processor].sort());
  });
});

describe('what a trial left', () => {
  test('is read back as it was', async () => {
    const folder = temporaryFolder();
    await written(whole, folder);
    expect(await readOutput(folder)).toEqual({ folder, name: 'model.onnx', result: whole });
  });

  test('is refused where anything in it is not what it has to be', async () => {
    const folder = temporaryFolder();
    await written({ ...whole, shard: { index: 1, of: 1 } }, folder);
    const path = join(folder, 'report.json');
    const file = JSON.parse(readFileSync(path, 'utf8')) as Tree;
    const paths = leavesOf({ trial: file['trial'], rows: [(file['rows'] as Tree[])[0]!] }, []).filter(
      // what a rule says of itself is not read
      (keys) => !['data', 'name', 'seed', 'processor', 'severity', 'fix'].includes(keys.at(-1)!),
    );
    expect(paths.length).toBeGreaterThan(30);
    for (const keys of paths) {
      const damaged = structuredClone(file);
      const place = keys.slice(0, -1).reduce((tree, key) => tree[key] as Tree, damaged);
      place[keys.at(-1)!] = { odd: true };
      writeFileSync(path, JSON.stringify(damaged));
      await expect(readOutput(folder), keys.join('.')).rejects.toMatchObject({ code: 'HF_TRIALS_REPORT' });
    }
    for (const text of ['', '[]', 'null', '{}', '{"format":"holdfast.trial.robustness/1"}']) {
      writeFileSync(path, text);
      await expect(readOutput(folder), text).rejects.toMatchObject({ code: 'HF_TRIALS_REPORT' });
    }
  });

  test('is refused where its samples are of another trial, or not there', async () => {
    const [one, two] = [temporaryFolder(), temporaryFolder()];
    await written(whole, one);
    await written({ ...whole, rows: whole.rows.map(({ row, label, clean }) => ({ row, label, clean })) }, two);
    writeFileSync(join(two, 'adversarial.npz'), readFileSync(join(one, 'adversarial.npz')));
    await expect(readOutput(two)).rejects.toMatchObject({ code: 'HF_TRIALS_REPORT' });
    await expect(readOutput(join(one, 'absent'))).rejects.toMatchObject({ code: 'HF_TRIALS_REPORT' });
    expect(existsSync(join(one, 'absent'))).toBe(false);
  });
});

type Tree = Record<string, unknown>;

/** The keys on the way to every value that holds no others. */
function leavesOf(tree: unknown, before: readonly string[]): string[][] {
  if (typeof tree !== 'object' || tree === null) return [[...before]];
  return Object.entries(tree).flatMap(([key, value]) => leavesOf(value, [...before, key]));
}
