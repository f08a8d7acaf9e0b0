import { readFileSync } from 'node:fs';
import { digestArtifact } from '@holdfast/evidence';
import { readModel, writeModel } from '@holdfast/onnx';
import { newTestProject, type TestProject, yamlOf } from '@holdfast/testkit';
import { describe, expect, test } from 'vitest';
import { checkInputs } from '../src/check-inputs.ts';
import { checkNamed } from '../src/check-registry.ts';
import { runCheck } from '../src/run-check.ts';
import { projectStatus } from '../src/status.ts';

const corpus = new URL('../../trials/corpus/', import.meta.url);
const model = readFileSync(new URL('models/digits-mlp.export-18.onnx', corpus));
const otherModel = readFileSync(new URL('models/digits-mlp.trace-11.onnx', corpus));
const samples = readFileSync(new URL('data/digits-test.npz', corpus));
const otherSamples = readFileSync(new URL('data/digits-train.npz', corpus));

interface Scene {
  readonly options?: object;
  readonly model?: string;
  readonly files?: Readonly<Record<string, Uint8Array>>;
}

/** A model that is there from the start, and a trial of it. */
async function projectWith({ options = {}, model: path = 'model.onnx', files }: Scene = {}): Promise<TestProject> {
  const trial = { data: 'held-out', norm: 'linf', epsilon: 0.1, rows: 60, ...options };
  const yaml = yamlOf(
    { train: { command: 'true', inputs: ['model'], outputs: [] } },
    {
      artifacts: { model: { path, kind: 'model' }, 'held-out': { path: 'test.npz', kind: 'dataset' } },
      checks: { model: [{ 'trial.robustness': trial }] },
      environments: { production: { policy: 'policy/production.cedar' } },
    },
  );
  const project = await newTestProject({ yaml, files: files ?? { 'model.onnx': model, 'test.npz': samples } });
  return project;
}

const checksOf = async (project: TestProject) => (await project.run()).checks;
const statusOf = async (project: TestProject) =>
  (await projectStatus(await project.open())).artifacts.find(({ artifact }) => artifact === 'model')?.checks;

/** What is robust enough, said where it belongs: against which change, on how many rows, and how often. */
const rule = (floor: string): string => `
@id("robust-enough")
@fix("holdfast harden adversarial model.onnx")
forbid (principal, action == Holdfast::Action::"deploy", resource)
unless {
  resource has trial.robustness.metrics.linf_epsilon &&
  resource.trial.robustness.metrics.linf_epsilon.greaterThanOrEqual(decimal("0.1")) &&
  resource has trial.robustness.metrics.rows &&
  resource.trial.robustness.metrics.rows.greaterThanOrEqual(decimal("30.0")) &&
  resource has trial.robustness.metrics.robust_accuracy_low &&
  resource.trial.robustness.metrics.robust_accuracy_low.greaterThanOrEqual(decimal("${floor}"))
};
`;

describe('a robustness trial in a pipeline', () => {
  test('leaves evidence that names the samples by digest, and is made once', async () => {
    const project = await projectWith();
    expect(await statusOf(project)).toEqual([{ check: 'trial.robustness', verdict: 'missing' }]);
    const [first] = await checksOf(project);
    expect(first).toMatchObject({ status: 'ran', report: { verdict: 'pass', origin: 'measured' } });
    const { digest } = await project.artifact('held-out');
    expect(first!.report!.inputs).toEqual({ data: { name: 'held-out', digest: digest.digests } });
    expect(first!.report!.metrics).toMatchObject({ epsilon: 0.1, linf_epsilon: 0.1 });
    expect((await checksOf(project))[0]).toMatchObject({ status: 'current', report: first!.report });
    expect(await statusOf(project)).toEqual([{ check: 'trial.robustness', verdict: 'pass' }]);
  });

  test('is made again when the samples are others', async () => {
    const project = await projectWith();
    const [first] = await checksOf(project);
    project.write('test.npz', otherSamples);
    expect(await statusOf(project)).toEqual([{ check: 'trial.robustness', verdict: 'missing' }]);
    const [second] = await checksOf(project);
    expect(second).toMatchObject({ status: 'ran', report: { verdict: 'pass' } });
    expect(second!.report!.inputs).not.toEqual(first!.report!.inputs);
  });

  test('decides at the gate: floor, radius and rows are the policy’s', async () => {
    const project = await projectWith();
    const [check] = await checksOf(project);
    const low = check!.report!.metrics['robust_accuracy_low']!;
    const policy = project.read('policy/production.cedar');
    project.write('policy/production.cedar', policy + rule((low - 0.01).toFixed(4)));
    expect((await project.ask()).decision.passed).toContain('robust-enough');
    project.write('policy/production.cedar', policy + rule((low + 0.01).toFixed(4)));
    expect((await project.ask()).decision.reasons).toContainEqual(
      expect.objectContaining({
        policy: 'robust-enough',
        message: expect.stringMatching(
          /trial\.robustness\.metrics\.robust_accuracy_low measured 0\.\d+, policy asks 0\./,
        ),
      }),
    );
  });

  test('against a smaller change than the policy asks for does not count', async () => {
    const project = await projectWith({ options: { epsilon: 0.0001 } });
    await checksOf(project);
    project.write('policy/production.cedar', project.read('policy/production.cedar') + rule('0.1'));
    expect((await project.ask()).decision.reasons).toContainEqual(
      expect.objectContaining({ policy: 'robust-enough', message: expect.stringContaining('linf_epsilon') }),
    );
  });

  test('without samples, or of a folder with no model or with two, is unknown', async () => {
    const missing = await projectWith({ files: { 'model.onnx': model } });
    expect((await checksOf(missing))[0]!.report).toMatchObject({
      verdict: 'unknown',
      coverage: { left: ['the check failed: there is no `held-out`'] },
    });
    expect((await checksOf(missing))[0]!.report!.inputs).toBeUndefined();
    missing.write('test.npz', samples);
    expect((await checksOf(missing))[0]).toMatchObject({ status: 'ran', report: { verdict: 'pass' } });
    const files = { 'build/a.txt': samples, 'test.npz': samples };
    const none = await projectWith({ model: 'build', files });
    expect((await checksOf(none))[0]!.report!.coverage.left[0]).toContain('`model` holds no ONNX file');
    const two = await projectWith({
      model: 'build',
      files: { ...files, 'build/a.onnx': model, 'build/b.onnx': model },
    });
    expect((await checksOf(two))[0]!.report!.coverage.left[0]).toContain(
      'holds several ONNX files: `a.onnx`, `b.onnx`',
    );
  });

  test('of a model with weights beside it is of the folder that holds both, and of nothing less', async () => {
    const plain = readModel(model);
    const [name, first] = [...plain.graph.initializers].find(([, { content }]) => content.kind === 'raw')!;
    const bytes = (first.content as { readonly bytes: Uint8Array }).bytes;
    const data = { location: 'weights.bin', offset: 0, length: bytes.length };
    const initializers = new Map(plain.graph.initializers).set(name, {
      ...first,
      content: { kind: 'external', data },
    });
    const outside = writeModel({ ...plain, graph: { ...plain.graph, initializers } });
    const files = { 'build/model.onnx': outside, 'build/weights.bin': bytes, 'test.npz': samples };
    const whole = await projectWith({ model: 'build', files });
    expect((await checksOf(whole))[0]!.report).toMatchObject({ verdict: 'pass' });
    whole.write('build/weights.bin', bytes.slice().reverse());
    expect(await statusOf(whole)).toEqual([{ check: 'trial.robustness', verdict: 'missing' }]);
    const half = await projectWith({ model: 'build/model.onnx', files });
    expect((await checksOf(half))[0]!.report).toMatchObject({
      verdict: 'unknown',
      coverage: { left: [expect.stringContaining('`weights.bin`, which holds weights of `model.onnx`, is no part')] },
    });
  });

  test.each([
    ['the samples', 'test.npz', otherSamples],
    ['the model', 'model.onnx', otherModel],
  ])('during which somebody writes to %s is unknown', async (_, name, bytes) => {
    const project = await projectWith();
    const opened = await project.open();
    const check = checkNamed('trial.robustness');
    const { options } = opened.config.checks['model']![0]!;
    const subject = {
      ...{ name: 'model', kind: 'model' as const, path: project.path('model.onnx') },
      digest: await digestArtifact(project.path('model.onnx')),
    };
    const progress = (): void => {
      project.write(name, bytes);
    };
    const inputs = await checkInputs(check, options, opened);
    const { signal } = new AbortController();
    const { predicate } = (await runCheck(check, { ...options }, subject, { signal, inputs, progress })).report;
    expect(predicate).toMatchObject({ verdict: 'unknown', metrics: {} });
    expect(predicate.coverage.left.join()).toMatch(/changed while the trial was running|is not what was digested/);
  });

  test.each(['../test.npz', '/etc/passwd'])('does not read `%s`, which is outside the project', async (data) => {
    const project = await projectWith({ options: { data } });
    await expect(project.run()).rejects.toMatchObject({ code: 'HF_PATH_OUTSIDE' });
  });
});
