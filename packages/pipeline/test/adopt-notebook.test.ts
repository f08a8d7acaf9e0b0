import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lookAround } from '../src/adopt/look-around.ts';
import { readNotebook } from '../src/adopt/notebook.ts';
import { doubtsOf, found, peer, repository, stageNamed, write } from './adopt-scene.ts';
import { needs } from './execution-scene.ts';

interface Cell {
  readonly code: string;
  readonly tags?: readonly string[];
}

/** A notebook of format 4.5, as Jupyter writes it. */
function notebook(cells: readonly Cell[], language = 'python'): string {
  return JSON.stringify({
    cells: [
      { cell_type: 'markdown', id: 'm', metadata: {}, source: ['pd.read_csv("no-code.csv")'] },
      ...cells.map(({ code, tags }, index) => ({
        cell_type: 'code',
        id: `c${index}`,
        execution_count: null,
        metadata: tags === undefined ? {} : { tags },
        outputs: [],
        source: code.split(/(?<=\n)/),
      })),
    ],
    metadata: { kernelspec: { display_name: 'x', language, name: language === 'python' ? 'python3' : 'ir' } },
    nbformat: 4,
    nbformat_minor: 5,
  });
}

/** A folder with programs that are there, and say so. */
function programs(folder: string, ...names: string[]): string {
  const bin = join(folder, 'bin');
  write(bin, Object.fromEntries(names.map((name) => [name, '#!/bin/sh\n'])));
  for (const name of names) chmodSync(join(bin, name), 0o755);
  return bin;
}

const files = {
  'data/x.csv': 'a\n',
  'notebooks/10_train.ipynb': notebook([
    { code: '# defaults\nrate = 0.1\n', tags: ['parameters'] },
    {
      code: '%matplotlib inline\nimport pandas as pd\ndf = pd.read_csv("../build/clean.csv")\ndf.to_pickle("model.pkl")\n',
    },
  ]),
  'notebooks/2_prepare.ipynb': notebook([
    { code: 'import tools\npd.read_csv("../data/x.csv").to_csv("../build/clean.csv")' },
  ]),
  'notebooks/tools.py': '',
  'top.ipynb': notebook([{ code: 'open("build/report.html", "w")' }]),
  'notebooks/.ipynb_checkpoints/2_prepare-checkpoint.ipynb': notebook([{ code: '' }]),
};

test('a stage for each notebook, in the order of numbers; paths count from its folder', async () => {
  const folder = repository(files);
  const bin = programs(repository({}), 'jupyter', 'papermill');
  const result = await lookAround(folder, { searchPath: bin });
  expect(result.stages.map(({ name }) => name)).toEqual(['2_prepare', '10_train', 'top']);
  expect(stageNamed(result, '2_prepare')).toMatchObject({
    command: 'jupyter nbconvert --to notebook --execute --output-dir build/notebooks notebooks/2_prepare.ipynb',
    toolchain: ['jupyter', 'python'],
    inputs: ['notebooks/2_prepare.ipynb', 'notebooks/tools.py', 'data/x.csv'],
    outputs: ['build/notebooks/2_prepare.ipynb', 'build/clean.csv'],
    kind: 'notebook',
    from: 'notebooks/2_prepare.ipynb',
  });
  expect(stageNamed(result, '10_train')).toMatchObject({
    command:
      'mkdir -p build/notebooks && papermill --cwd notebooks notebooks/10_train.ipynb build/notebooks/10_train.ipynb',
    toolchain: ['papermill', 'python'],
    inputs: ['notebooks/10_train.ipynb', 'build/clean.csv'],
    outputs: ['build/notebooks/10_train.ipynb', 'notebooks/model.pkl'],
  });
  expect(doubtsOf(result)).toEqual([]);
  expect(result.origins.map(({ file, why }) => [file, why])).toEqual([
    ['notebooks/2_prepare.ipynb', 'run by jupyter nbconvert'],
    ['notebooks/10_train.ipynb', 'run by papermill: it has a cell of parameters'],
    ['top.ipynb', 'run by jupyter nbconvert'],
  ]);
});

test('without papermill nbconvert runs it too; without either the install command is told', async () => {
  const folder = repository(files);
  const bin = programs(repository({}), 'jupyter');
  const withJupyter = await lookAround(folder, { searchPath: bin });
  expect(stageNamed(withJupyter, '10_train').command).toContain('jupyter nbconvert');
  expect(doubtsOf(withJupyter)).toEqual([]);
  const without = await lookAround(folder, { searchPath: '' });
  expect(doubtsOf(without)).toEqual([
    'notebooks/2_prepare.ipynb: needs `jupyter nbconvert`, which is not on the PATH: `pip install nbconvert ipykernel`',
    'notebooks/10_train.ipynb: needs `jupyter nbconvert`, which is not on the PATH: `pip install papermill ipykernel`',
    'top.ipynb: needs `jupyter nbconvert`, which is not on the PATH: `pip install nbconvert ipykernel`',
  ]);
});

test('what is only in a virtual environment of the project must be activated', async () => {
  const folder = repository({ ...files, '.venv/pyvenv.cfg': 'home = /usr/bin\n' });
  programs(join(folder, '.venv'), 'papermill', 'jupyter');
  const result = await lookAround(folder, { searchPath: '' });
  expect(stageNamed(result, '10_train').command).toContain('papermill');
  expect(doubtsOf(result)).toContain(
    'notebooks/10_train.ipynb: needs `papermill` of a virtual environment: activate it before `holdfast run`',
  );
  // what lies in the environment is not the project's
  expect(result.stages).toHaveLength(3);
});

test('what is no Python, or is given to others, is told', async () => {
  const bin = programs(repository({}), 'jupyter');
  const folder = repository({
    'a.ipynb': notebook([{ code: 'read.csv("x.csv")' }], 'R'),
    'b.ipynb': notebook([
      { code: '!pip install x\n%time y = 1\n' },
      { code: '%%bash\nrm -rf z\n' },
      { code: '%%time\nopen("b.txt", "w")\n' },
    ]),
    'c.ipynb': '{"nbformat": 3}',
    'd.ipynb': 'no JSON',
    'sub/b.ipynb': notebook([{ code: 'pass' }]),
  });
  const result = await lookAround(folder, { searchPath: bin });
  expect(doubtsOf(result)).toEqual([
    'a.ipynb: is in `R`: add its inputs and outputs to holdfast.yaml',
    'b.ipynb: runs `%%bash`, which is not looked into',
    'b.ipynb: runs `!pip install x`, which is not looked into',
    'c.ipynb: is no notebook of format 4 of at most 32 MiB: left out',
    'd.ipynb: is no notebook of format 4 of at most 32 MiB: left out',
  ]);
  // two of one name do not overwrite each other's results
  expect(result.stages.map(({ name, outputs }) => [name, outputs])).toEqual([
    ['a', ['build/notebooks/a.ipynb']],
    ['b', ['build/notebooks/b.ipynb', 'b.txt']],
    ['b-2', ['build/notebooks/sub/b.ipynb']],
  ]);
});

test.for([
  ['', undefined],
  ['[]', undefined],
  ['{"nbformat": 4}', undefined],
  ['{"nbformat": 4, "cells": {}}', undefined],
  ['{"nbformat": 4, "cells": [1, null, {"cell_type": "code", "source": [1, "a"], "metadata": 3}]}', 'a'],
  ['{"nbformat": 4, "cells": [{"cell_type": "code", "source": "a\\nb", "metadata": {"tags": "parameters"}}]}', 'a\nb'],
] as const)('%s', ([json, code]) => {
  expect(readNotebook(json)?.code).toBe(code);
});

describe('run for real', () => {
  test('the commands run, and leave what is declared', { timeout: 180_000 }, async (context) => {
    const bin = peer('notebook');
    needs(context, bin !== undefined, 'Jupyter: a virtual environment of tools/peers/requirements-notebook.txt');
    const folder = repository({
      'data/x.csv': 'a\n1\n',
      'nb/1_copy.ipynb': notebook([
        { code: 'text = open("../data/x.csv").read()\nopen("../copy.csv", "w").write(text)' },
      ]),
      'nb/2_scale.ipynb': notebook([
        { code: 'factor = 3', tags: ['parameters'] },
        { code: 'text = open("../copy.csv").read()\nopen("scaled.csv", "w").write(text * factor)' },
      ]),
    });
    const result = await lookAround(folder, { searchPath: bin ?? '' });
    expect(result.stages.map(({ command }) => command.includes('papermill'))).toEqual([false, true]);
    const env = { PATH: `${bin ?? ''}:/usr/bin:/bin`, HOME: join(folder, '..'), LANG: 'C.UTF-8' };
    for (const { command, outputs } of result.stages) {
      execFileSync('/bin/sh', ['-c', command], { cwd: folder, env, stdio: 'pipe' });
      for (const path of outputs) expect([path, existsSync(join(folder, path))]).toEqual([path, true]);
    }
    expect(readFileSync(join(folder, 'nb/scaled.csv'), 'utf8')).toBe('a\n1\n'.repeat(3));
  });
});

test('a notebook that a declared stage runs is left to it', async () => {
  const result = await found({
    'x.ipynb': notebook([{ code: 'pass' }]),
    'dvc.yaml': 'stages: {run: {cmd: jupyter nbconvert --execute x.ipynb, deps: [x.ipynb], outs: [y.csv]}}\n',
  });
  expect(result.stages.map(({ name }) => name)).toEqual(['run']);
  expect(result.origins).toContainEqual({
    kind: 'notebook',
    file: 'x.ipynb',
    stages: [],
    why: 'left out: `run` of dvc.yaml runs it',
    by: '`run` of dvc.yaml',
  });
});
