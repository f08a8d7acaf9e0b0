import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckPredicate } from '@holdfast/evidence/predicates/check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readPeople } from '../census/people.ts';
import { ExampleProject, needs, peer, root, sum } from './project.ts';

const start = join(root, 'examples', 'census', 'start.mjs');
/** The data sets are not part of the repository. */
const data = join(process.env['HOLDFAST_ADULT_DATA'] ?? join(root, '..', 'shared', 'data'), 'adult-train.csv');
const python = join(peer('sklearn'), 'bin', 'python');

const project = new ExampleProject('census');
afterAll(() => {
  project.remove();
});

/** What measure-census.py prints. */
interface Measured {
  readonly features: readonly string[];
  readonly rows: { readonly train: number; readonly test: number };
  readonly difference: number;
  readonly metrics: Readonly<Record<string, number>>;
}

describe('examples/census', { timeout: 600_000 }, () => {
  beforeAll(() => {
    if (!existsSync(data)) return;
    const started = spawnSync(process.execPath, [start, data, project.folder], { encoding: 'utf8' });
    expect(started).toMatchObject({ stderr: '', status: 0 });
    project.init();
    project.holdfast(['run']);
  }, 600_000);
  beforeEach((context) => {
    needs(context, 'the adult data set', data);
  });

  it('leaves evidence that names every file by its digest', async () => {
    await project.expectProvenance();
    const { resolvedDependencies } = project.runs().get('prepare')!.buildDefinition;
    expect(resolvedDependencies.find(({ name }) => name === 'data/adult-train.csv')).toMatchObject({
      uri: 'https://archive.ics.uci.edu/ml/machine-learning-databases/adult/adult.data',
      digest: { sha256: sum('sha256', data) },
    });
    expect(project.reports().get('scan')).toMatchObject({ verdict: 'pass', origin: 'measured' });
  });

  it('measures what scikit-learn and ONNX Runtime measure, who split and learn on their own', (context) => {
    needs(context, 'Python with scikit-learn', python);
    const script = join(root, 'tools', 'peers', 'measure-census.py');
    const measured = JSON.parse(execFileSync(python, [script, project.folder], { encoding: 'utf8' })) as Measured;
    // adult.names: 32,561 instances
    expect(measured.rows.train + measured.rows.test).toBe(32_561);
    expect(project.readJson('build/model/card.json')).toMatchObject({
      features: measured.features,
      training: { rows: measured.rows.train },
    });
    expect(measured.difference).toBeLessThan(1e-5);
    const report = project.reports().get('metrics');
    expect(report?.origin).toBe('reported');
    const reported = report?.metrics ?? {};
    expect(Object.keys(reported).sort()).toEqual(Object.keys(measured.metrics).sort());
    for (const [name, value] of Object.entries(measured.metrics)) expect(reported[name], name).toBeCloseTo(value, 6);
  });

  it('is as accurate as what adult.names lists: between Naive-Bayes and NBTree', () => {
    const { accuracy } = project.readJson('build/metrics.json') as { accuracy: number };
    expect(accuracy).toBeGreaterThan(0.8388 - 0.003);
    expect(accuracy).toBeLessThan(0.859 + 0.0028);
  });

  it('may be studied when somebody else approves, and may not decide about people', () => {
    expect(project.gate('model', 'study', false).reasons.map(({ policy }) => policy)).toEqual([
      'signed',
      'second-person',
    ]);
    project.holdfast(['sign', 'model']);
    project.holdfast(['approve', 'model', '--reason', 'a study of the data']);
    expect(project.gate('model', 'study', true).reasons).toEqual([]);
    const { reasons } = project.gate('model', 'production', false);
    expect(reasons.map(({ policy }) => policy)).toEqual(['four-fifths-sex', 'four-fifths-race', 'high-risk']);
    const said = project.holdfast(['status']).replaceAll(/ +/g, ' ');
    expect(said).toContain('model → study would be allowed');
    expect(said).toContain('model → production four-fifths-sex, four-fifths-race, high-risk');
    const lines = project.holdfast(['lineage', 'model']).split('\n');
    const order = ['adult', '└ prepare', '└ learnt-from', '└ train', '└ model ◀', '├ study', '└ production'];
    const found = order.map((name) => lines.findIndex((line) => line.trimStart().startsWith(name)));
    expect(found).toEqual(found.toSorted((one, other) => one - other));
    expect(found).not.toContain(-1);
    expect(lines.join('\n')).toContain('from https://archive.ics.uci.edu/');
    expect(lines.join('\n')).toMatch(/✓ metrics {3}✓ scan {3}✓ trial\.robustness/);
  });

  it('knows what its people look like, and finds those for testing to be like those for training', () => {
    const lines = (path: string): number =>
      readFileSync(join(project.folder, path), 'utf8').trimEnd().split('\n').length - 1;
    const reports = project.reports();
    const suite = project.readJson('suites/census.json') as { expectations: readonly unknown[] };
    const passed = { verdict: 'pass', origin: 'measured' };
    expect(reports.get('data.profile')).toMatchObject({
      ...passed,
      metrics: { rows: lines('build/train.csv'), columns: 15 },
    });
    expect(reports.get('data.validate')).toMatchObject({ ...passed, metrics: { met: suite.expectations.length } });
    const people = readPeople(join(project.folder, 'build/test.csv'));
    const groups = Map.groupBy(people, ({ sex, race }) => `${sex} ${race}`);
    expect(reports.get('data.coverage')).toMatchObject({
      ...passed,
      // two sexes, ten groups, and the women who earn more
      metrics: { slices: 13, short: 0, least_rows: Math.min(...[...groups.values()].map(({ length }) => length)) },
    });
    expect(reports.get('data.drift')).toMatchObject({
      ...passed,
      metrics: { compared: 15, drifted: 0 },
      coverage: { total: lines('build/test.csv') },
    });
  });

  it('finds that the first thousand men are not like everybody', () => {
    const [header, ...rows] = readFileSync(join(project.folder, 'build/test.csv'), 'utf8').trimEnd().split('\n');
    const men = rows.filter((row) => row.includes(',Male,')).slice(0, 1000);
    writeFileSync(join(project.folder, 'men.csv'), `${[header, ...men].join('\n')}\n`);
    const words = 'data drift men.csv --reference build/train.csv --columns sex,age,education-num --missing ?';
    const { report } = project.answer(words.split(' '), 1) as { report: CheckPredicate };
    expect(report.verdict).toBe('fail');
    expect(report.findings.map(({ message }) => message).join()).toContain('`sex` has other values than it had');
    rmSync(join(project.folder, 'men.csv'));
  });

  it('makes the same model twice, byte for byte', () => {
    const before = sum('sha256', join(project.folder, 'build/model/model.onnx'));
    project.holdfast(['run', 'train', '--force']);
    expect(sum('sha256', join(project.folder, 'build/model/model.onnx'))).toBe(before);
  });

  it.each(['study', 'production'])('has a policy for %s that does what its cases say', (environment) => {
    const cases = project.readJson(`policy/${environment}.test.json`) as readonly unknown[];
    expect(project.answer(['policy', 'test', environment])).toMatchObject({ passed: cases.length, failed: 0 });
  });

  it('takes no other rows, although they have the right shape', () => {
    const file = join(project.folder, 'data/adult-train.csv');
    const published = readFileSync(file, 'latin1');
    writeFileSync(file, published.replace('<=50K', '>50K'), 'latin1');
    expect(project.holdfast(['run'], 1)).toContain('HF_SOURCE_MISMATCH');
    const { reasons } = project.gate('model', 'study', false);
    expect(reasons.map(({ policy }) => policy)).toContain('unchanged');
    writeFileSync(file, published, 'latin1');
    project.gate('model', 'study', true);
  });
});
