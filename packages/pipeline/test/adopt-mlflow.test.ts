import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lookAround } from '../src/adopt/look-around.ts';
import { readMlProject } from '../src/adopt/mlflow.ts';
import { type PythonMap, pythonText } from '../src/adopt/python-value.ts';
import { readPythonYaml } from '../src/adopt/python-yaml.ts';
import { PipelineError } from '../src/errors.ts';
import { doubtsOf, found, peer, recordedJson, repository, stageNamed } from './adopt-scene.ts';
import { needs } from './execution-scene.ts';

interface Recorded {
  readonly scalars: Readonly<Record<string, string>>;
  readonly projects: readonly {
    readonly name: string;
    readonly text: string;
    /** `null` where MLflow refuses. */
    readonly commands: Readonly<Record<string, string | null>>;
  }[];
}
const recorded = recordedJson('adopt-mlflow.json') as Recorded;

describe('entry points become the commands that MLflow itself runs', () => {
  for (const { name, text, commands } of recorded.projects) {
    test(name, () => {
      const { entryPoints, doubts } = readMlProject(text, 'MLproject');
      const given = Object.entries(commands).filter(([, command]) => command !== null);
      expect(entryPoints.map((entry) => [entry.name, entry.command])).toEqual(
        given.map(([entry, command]) => [entry, command?.trim()]),
      );
      expect(doubts).toHaveLength(Object.keys(commands).length - given.length);
    });
  }

  test('plain scalars of YAML are read as PyYAML reads them', () => {
    for (const [text, expected] of Object.entries(recorded.scalars)) {
      const value = (readPythonYaml(`v: ${text}\n`, 'x.yaml', 'pyyaml') as PythonMap).get('v');
      expect([text, pythonText(value ?? null)]).toEqual([text, expected]);
    }
  });
});

test('the command does what `mlflow run` does', { timeout: 120_000 }, async (context) => {
  const bin = peer('mlflow');
  needs(context, bin !== undefined, 'MLflow: a virtual environment of tools/peers/requirements-mlflow.txt');
  const files = {
    MLproject:
      'entry_points:\n  main:\n    parameters:\n      rate: {default: 1.0e-5}\n      text: {default: "it\'s $HOME"}\n      data: {type: path, default: data/in.csv}\n    command: "python train.py {rate} {text} {data}"\n',
    'data/in.csv': 'a\n',
    'train.py': 'import sys\nopen("out.txt", "w").write(repr(sys.argv[1:3]) + open(sys.argv[3]).read())\n',
  };
  const [byMlflow, byStage] = [repository(files), repository(files)];
  const env = { PATH: `${bin ?? ''}:/usr/bin:/bin`, HOME: join(byMlflow, '..'), LANG: 'C.UTF-8' };
  const store = { MLFLOW_ALLOW_FILE_STORE: 'true', MLFLOW_TRACKING_URI: `file:${join(byMlflow, 'mlruns')}` };
  const words = ['run', '.', '--env-manager', 'local'];
  execFileSync('mlflow', words, { cwd: byMlflow, env: { ...env, ...store }, stdio: 'pipe' });
  const { stages } = await lookAround(byStage, { searchPath: '' });
  execFileSync('/bin/sh', ['-c', stages[0]?.command ?? 'false'], { cwd: byStage, env });
  const [theirs, ours] = [byMlflow, byStage].map((folder) => readFileSync(join(folder, 'out.txt'), 'utf8'));
  expect(ours).toBe(theirs);
});

test('a project with a chain of steps', async () => {
  const result = await found({
    MLproject: `
name: wine
python_env: python_env.yaml
entry_points:
  clean:
    parameters:
      raw: {type: path, default: data/raw.csv}
      out: {type: string, default: build/clean.csv}
    command: "python clean.py {raw} --out {out}"
  main:
    parameters: {alpha: {type: float, default: 0.5}}
    command: "python train.py {alpha}"
  all:
    command: "python all.py"
  ask:
    parameters: {who: string}
    command: "python train.py {who}"
`,
    'python_env.yaml': '',
    'data/raw.csv': '',
    'clean.py': 'import pandas\n',
    'train.py': 'import mlflow\npd.read_csv("build/clean.csv")\njoblib.dump(m, "build/model.pkl")\n',
    'all.py': 'import mlflow\nmlflow.run(".", entry_point="clean")\n',
    'evaluate.py': 'joblib.load("build/model.pkl")\nopen("build/metrics.json", "w")\n',
  });
  expect(stageNamed(result, 'clean')).toEqual({
    name: 'clean',
    command: 'python clean.py data/raw.csv --out build/clean.csv',
    toolchain: ['python'],
    inputs: ['clean.py', 'python_env.yaml', 'data/raw.csv'],
    outputs: ['build/clean.csv'],
    metrics: undefined,
    kind: 'mlflow',
    from: 'MLproject',
    description: undefined,
  });
  expect(stageNamed(result, 'main')).toMatchObject({
    command: 'python train.py 0.5',
    inputs: ['train.py', 'python_env.yaml', 'build/clean.csv'],
    outputs: ['build/model.pkl'],
  });
  // the step that the project does not declare is guessed
  expect(stageNamed(result, 'evaluate')).toMatchObject({ kind: 'scripts', metrics: 'build/metrics.json' });
  expect(result.stages).toHaveLength(3);
  expect(doubtsOf(result)).toEqual([
    'MLproject: the entry point `ask` needs a value for `who`: left out',
    'MLproject: asks for the environment `python_env.yaml`: activate it before `holdfast run`',
    'MLproject: `main` logs to MLflow: what that keeps (`mlruns`, `mlflow.db`) is not an output',
    'MLproject: `all` runs other entry points itself: left out',
  ]);
});

test('two entry points may run one script; what another source runs is left to it', async () => {
  const result = await found({
    mlproject:
      'entry_points: {a: {command: "python x.py 1"}, b: {command: "python x.py 2"}, c: {command: "python y.py"}}\n',
    'x.py': '',
    'y.py': '',
    'dvc.yaml': 'stages: {y: {cmd: python y.py, deps: [y.py], outs: [y.csv]}}\n',
  });
  expect(result.stages.map(({ name, kind }) => [name, kind])).toEqual([
    ['y', 'dvc'],
    ['a', 'mlflow'],
    ['b', 'mlflow'],
  ]);
  expect(doubtsOf(result)).toContain('mlproject: `c` is left out: `y` of dvc.yaml runs the same');
});

test.for([
  ['a list', '- x\n'],
  ['no YAML', 'a: [\n'],
  ['a tag', 'entry_points: !!python/object:os.system x\n'],
])('must fail: %s', ([, text = '']) => {
  const read = (): unknown => readMlProject(text, 'MLproject');
  expect(read).toThrow(PipelineError);
  expect(read).toThrow(/MLproject/);
});

test.for([
  ['no command', 'entry_points: {a: {parameters: {}}}\n', 'the entry point `a` has no command: left out'],
  [
    'a format',
    'entry_points: {a: {parameters: {x: {default: 1}}, command: "p {x:.2f}"}}\n',
    'the entry point `a` has a command that is not understood: `p {x:.2f}`: left out',
  ],
  [
    'a lone brace',
    'entry_points: {a: {command: "p }"}}\n',
    'the entry point `a` has a command that is not understood: `p }`: left out',
  ],
  [
    'two lines',
    'entry_points: {a: {command: "p\\nq"}}\n',
    'the entry point `a` has a command that is not understood: `p\u{FFFD}q`: left out',
  ],
  ['a container', 'docker_env: {image: x}\n', '`docker_env` is not used: commands run on this machine'],
  ['another key', 'entry_point: {}\n', '`entry_point` is not understood'],
])('told: %s', ([, text = '', doubt]) => {
  expect(readMlProject(text, 'MLproject')).toEqual({ entryPoints: [], environment: [], doubts: [doubt] });
});
