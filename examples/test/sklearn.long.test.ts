import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Attribute, readModel } from '@holdfast/onnx';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ExampleProject, expectedLevel, needs, peer, root, sum } from './project.ts';

const example = join(root, 'examples', 'sklearn');
const virtualEnvironment = peer('sklearn');
const python = join(virtualEnvironment, 'bin', 'python');

const project = new ExampleProject('breast-cancer', {
  VIRTUAL_ENV: virtualEnvironment,
  PATH: `${join(virtualEnvironment, 'bin')}:${process.env['PATH'] ?? ''}`,
});
afterAll(() => {
  project.remove();
});

/** The lines of a list of requirements that pin something. */
function pinsOf(path: string): string[] {
  return readFileSync(join(root, path), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/** A stage that nothing confines gets a PATH of its own, which leads to no virtual environment. */
function nameThePython(): void {
  if (expectedLevel !== 'none') return;
  symlinkSync(virtualEnvironment, join(project.folder, '.venv'));
  const file = join(project.folder, 'holdfast.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll('command: python ', 'command: .venv/bin/python '));
}

function readTable(path: string): { readonly columns: string[]; readonly rows: number[][] } {
  const [header = '', ...lines] = readFileSync(join(project.folder, path), 'utf8').trimEnd().split('\n');
  return { columns: header.split(','), rows: lines.map((line) => line.split(',').map(Number)) };
}

function floats(attribute: Attribute | undefined): readonly number[] {
  if (attribute?.type !== 'FLOATS') throw new Error('no list of numbers');
  return [...attribute.value];
}

/** The probabilities of `benign` that the graph gives: worked out from what the file says, without a runtime. */
function probabilities(rows: readonly number[][]): number[] {
  const { graph } = readModel(readFileSync(join(project.folder, 'build/model/model.onnx')));
  expect(graph.nodes.map(({ opType }) => opType)).toEqual(['Scaler', 'LinearClassifier']);
  const [scaler, classifier] = graph.nodes;
  const [offset, scale] = [floats(scaler?.attributes.get('offset')), floats(scaler?.attributes.get('scale'))];
  const weights = floats(classifier?.attributes.get('coefficients')).slice(offset.length);
  const bias = floats(classifier?.attributes.get('intercepts'))[1]!;
  return rows.map((row) => {
    const logit = offset.reduce((sum, mean, at) => sum + (row[at]! - mean) * scale[at]! * weights[at]!, bias);
    return 1 / (1 + Math.exp(-logit));
  });
}

it('pins what the tests run with', () => {
  expect(pinsOf('examples/sklearn/requirements.txt')).toEqual(pinsOf('tools/peers/requirements-sklearn.txt'));
});

describe('examples/sklearn', { timeout: 600_000 }, () => {
  beforeAll(() => {
    if (!existsSync(python)) return;
    cpSync(example, project.folder, { recursive: true });
    nameThePython();
    project.init();
    project.holdfast(['run']);
  }, 600_000);
  beforeEach((context) => {
    needs(context, 'Python with scikit-learn', python);
  });

  it('leaves evidence that names every file by its digest', async () => {
    await project.expectProvenance();
    expect(project.reports().get('scan')).toMatchObject({ verdict: 'pass', origin: 'measured' });
  });

  it('splits the 357 benign and 212 malignant tumours that scikit-learn documents', () => {
    const [train, test] = [readTable('build/train.csv'), readTable('build/test.csv')];
    expect(train.columns).toHaveLength(31);
    expect(test.columns).toEqual(train.columns);
    const benign = [...train.rows, ...test.rows].filter((row) => row[30] === 1);
    expect([train.rows.length, test.rows.length, benign.length]).toEqual([426, 143, 357]);
  });

  it('reports what the model file says, worked out another way', () => {
    const { rows } = readTable('build/test.csv');
    const benign = rows.map((row) => row[30] === 1);
    const scores = probabilities(rows);
    const share = (of: readonly boolean[]): number => of.filter(Boolean).length / of.length;
    const right = scores.map((score, at) => score > 0.5 === benign[at]);
    const pairs = scores.flatMap((good, at) =>
      benign[at]
        ? scores.flatMap((bad, other) => (benign[other] ? [] : [good > bad ? 1 : good === bad ? 0.5 : 0]))
        : [],
    );
    const expected = {
      accuracy: share(right),
      auc: pairs.reduce<number>((sum, value) => sum + value, 0) / pairs.length,
      brier: scores.reduce((sum, score, at) => sum + (score - (benign[at] ? 1 : 0)) ** 2, 0) / scores.length,
      recall_malignant: share(right.filter((_, at) => !benign[at])),
    };
    const report = project.reports().get('metrics');
    expect(report?.origin).toBe('reported');
    for (const [name, value] of Object.entries(expected)) expect(report?.metrics[name], name).toBeCloseTo(value, 5);
    expect(report?.metrics['export_difference']).toBeLessThan(1e-5);
  });

  it('says with which versions the model was made: those that are pinned', () => {
    const { madeWith } = project.readJson('build/model/card.json') as { madeWith: Readonly<Record<string, string>> };
    const pins = pinsOf('examples/sklearn/requirements.txt');
    for (const [name, version] of Object.entries(madeWith)) expect(pins).toContain(`${name}==${version}`);
    expect(Object.keys(madeWith)).toHaveLength(5);
  });

  it('ships both files once somebody else approves: every call of the joblib file is known to be harmless', () => {
    expect(project.gate('model', 'production', false).reasons.map(({ policy }) => policy)).toEqual([
      'signed',
      'second-person',
    ]);
    for (const artifact of ['model', 'estimator']) {
      project.holdfast(['sign', artifact]);
      project.holdfast(['approve', artifact]);
    }
    expect(project.gate('model', 'production', true).reasons).toEqual([]);
    expect(project.gate('estimator', 'production', true).reasons).toEqual([]);
    expect(project.holdfast(['status'])).toContain('would be allowed');
  });

  it('does not ship a pickle that starts a program in place of the joblib file, and says what it would start', () => {
    const file = join(project.folder, 'build/estimator.joblib');
    const before = readFileSync(file);
    const swap = [
      'import os, pickle, sys',
      'class Swapped:',
      '    def __reduce__(self): return os.system, ("echo it ran > it-ran",)',
      'pickle.dump(Swapped(), open(sys.argv[1], "wb"))',
    ];
    execFileSync(python, ['-c', swap.join('\n'), file]);
    const { reasons } = project.gate('estimator', 'production', false);
    expect(reasons.map(({ policy }) => policy)).toEqual(expect.arrayContaining(['unchanged', 'scanned']));
    expect(project.holdfast(['scan', 'build/estimator.joblib', '--explain'], 1)).toContain('system');
    expect(existsSync(join(project.folder, 'it-ran'))).toBe(false);
    writeFileSync(file, before);
    project.gate('estimator', 'production', true);
  });

  it('makes the same files again, byte for byte, so that signature and approval still hold', () => {
    const files = ['build/model/model.onnx', 'build/model/card.json', 'build/estimator.joblib', 'build/metrics.json'];
    const digests = (): string[] => files.map((file) => sum('sha256', join(project.folder, file)));
    const before = digests();
    project.holdfast(['run', '--force']);
    expect(digests()).toEqual(before);
    project.gate('model', 'production', true);
  });

  it('has a policy that does what its cases say', () => {
    const cases = project.readJson('policy/production.test.json') as readonly unknown[];
    expect(project.answer(['policy', 'test'])).toMatchObject({ passed: cases.length, failed: 0 });
  });
});
