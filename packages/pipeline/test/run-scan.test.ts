import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { CheckPredicate } from '@holdfast/evidence';
import { scanCheck } from '@holdfast/scan/check';
import { newTestProject, type TestProject, tinyFiles, tinyYaml } from '@holdfast/testkit';
import { describe, expect, test } from 'vitest';
import { projectStatus } from '../src/status.ts';

/** https://github.com/huggingface/safetensors: eight bytes of length, a JSON header, the tensors. */
function safetensors(dataBytes: number): Buffer {
  const header = Buffer.from('{"w":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}');
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Buffer.alloc(dataBytes)]);
}

interface Scene {
  /** What `train` puts beside the weights. */
  readonly more?: string;
  readonly base?: Uint8Array;
  readonly scan?: object;
  readonly checks?: string;
}

/** The tiny project with safetensors for a model, after one run. */
async function projectWith({ more = '', base = safetensors(4), scan, checks }: Scene = {}): Promise<TestProject> {
  const yaml = tinyYaml.replace('[scan]', checks ?? '[scan]');
  const train = `mkdir build/model\ncp base.onnx build/model/model.safetensors\n${more}`;
  const project = await newTestProject({
    yaml: scan === undefined ? yaml : `${yaml}scan: ${JSON.stringify(scan)}\n`,
    files: { ...tinyFiles(), 'base.onnx': base, 'train.sh': train },
  });
  await project.run();
  return project;
}

async function reportOf(project: TestProject): Promise<CheckPredicate> {
  const { checks } = await project.run();
  expect(checks).toMatchObject([{ artifact: 'model', path: 'build/model', check: 'scan', status: 'current' }]);
  return checks[0]!.report!;
}

const scanned = async (project: TestProject) =>
  (await project.ask()).decision.reasons.find(({ policy }) => policy === 'scanned');

describe('the scan of a model', () => {
  test('passes one that is understood to the last byte, and is what the default policy asks for', async () => {
    const project = await projectWith();
    expect(await reportOf(project)).toMatchObject({
      check: { name: 'scan', version: scanCheck.version, options: {} },
      verdict: 'pass',
      origin: 'measured',
      metrics: { files: 1, bytes: safetensors(4).length, parts: 0, allowed: 0 },
      coverage: { examined: 1, total: 1, left: [] },
    });
    await project.sign();
    await project.approve();
    expect((await project.ask()).decision).toMatchObject({ allowed: true, reasons: [] });
    expect((await project.ask()).decision.passed).toContain('scanned');
  });

  test('fails one that is forged, and the gate names the command that explains it', async () => {
    const project = await projectWith({ base: safetensors(12) });
    expect(await reportOf(project)).toMatchObject({
      verdict: 'fail',
      findings: [{ rule: 'scan.safetensors.layout', where: 'model.safetensors' }],
    });
    expect(await scanned(project)).toEqual({
      policy: 'scanned',
      message: 'scan.verdict measured fail, policy asks pass',
      measured: 'fail',
      asked: 'pass',
      fix: 'holdfast scan build/model --explain',
    });
  });

  test('does not know what it does not understand, and neither does the gate', async () => {
    const project = await projectWith({ more: "printf '\\000\\377\\000\\377' > build/model/load.bin\n" });
    const { verdict, coverage } = await reportOf(project);
    expect([verdict, coverage.examined, coverage.total]).toEqual(['unknown', 1, 2]);
    expect(coverage.left).toEqual([expect.stringMatching(/^load\.bin: /)]);
    expect(await scanned(project)).toEqual({
      policy: 'scanned',
      message: 'scan could not tell: its verdict is unknown',
      missing: 'scan',
      fix: 'holdfast scan build/model --explain',
    });
  });

  test('that nobody made is missing, and the gate names the command that makes it', async () => {
    const project = await projectWith({ checks: '[]' });
    expect(await scanned(project)).toMatchObject({ message: 'no evidence of scan', fix: 'holdfast run' });
  });

  test('is missing for an artifact that is not there', async () => {
    const yaml = tinyYaml
      .replace('checks:\n', 'checks:\n  later: [scan]\n')
      .replace('artifacts:\n', 'artifacts:\n  later: { path: later.onnx, kind: model }\n');
    const project = await newTestProject({ yaml });
    expect((await project.run()).checks).toMatchObject([
      { artifact: 'later', path: 'later.onnx', status: 'missing' },
      { artifact: 'model', status: 'ran' },
    ]);
  });
});

describe('what a project allows', () => {
  const odd = "printf '\\000\\377\\000\\377' > build/model/load.bin\n";
  const allowed = {
    sha256: createHash('sha256').update(Buffer.from('00ff00ff', 'hex')).digest('hex'),
    reason: 'ours, read by hand',
  };

  test('stands in the evidence with its reason, in the status, and in what a policy can ask', async () => {
    const project = await projectWith({ more: odd, scan: { allow: [allowed] } });
    expect(await reportOf(project)).toMatchObject({
      check: { options: { allow: [allowed] } },
      verdict: 'pass',
      metrics: { allowed: 1 },
    });
    const { artifacts } = await projectStatus(await project.open());
    expect(artifacts.find(({ artifact }) => artifact === 'model')?.checks).toEqual([
      { check: 'scan', verdict: 'pass', allowed: 1 },
    ]);
    expect(await scanned(project)).toBeUndefined();
    const guide = readFileSync(new URL('../../../docs/guides/policies.md', import.meta.url), 'utf8');
    const [rule = ''] = /@id\("nothing-allowed"\)[^`]*/.exec(guide) ?? [];
    project.write('policy/production.cedar', `${project.read('policy/production.cedar')}\n${rule}`);
    const denied = (await project.ask()).decision.reasons.map(({ policy }) => policy);
    expect(denied).toContain('nothing-allowed');
  });

  test('is asked of a report anew: one that was made with less is not current', async () => {
    const project = await projectWith({ more: odd });
    expect((await reportOf(project)).verdict).toBe('unknown');
    project.write('holdfast.yaml', `${project.read('holdfast.yaml')}scan: ${JSON.stringify({ allow: [allowed] })}\n`);
    expect((await project.run()).checks).toMatchObject([{ status: 'ran', report: { verdict: 'pass' } }]);
    project.edit('holdfast.yaml', allowed.reason, 'another reason');
    expect((await project.run()).checks).toMatchObject([{ status: 'ran', report: { verdict: 'pass' } }]);
  });

  test('is added to what one artifact allows', async () => {
    const checks = '[{ scan: { allow: [{ callable: credit.models.Scorecard }] } }]';
    const project = await projectWith({ more: odd, checks, scan: { allow: [allowed] } });
    expect(await reportOf(project)).toMatchObject({
      check: { options: { allow: [allowed, { callable: 'credit.models.Scorecard' }] } },
      verdict: 'pass',
      metrics: { allowed: 2 },
    });
  });

  test('that is no list of entries ends in a report that says so', async () => {
    const project = await projectWith({ checks: '[{ scan: { allow: [os.system] } }]', scan: { allow: [allowed] } });
    expect(await reportOf(project)).toMatchObject({
      verdict: 'unknown',
      coverage: { left: [expect.stringContaining('`allow.1` is neither')] },
    });
  });
});
