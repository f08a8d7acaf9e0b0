import { readdirSync, renameSync, rmSync } from 'node:fs';
import {
  approvalOf,
  folderThing,
  modelSignatureOn,
  newAllowedProject,
  newTestProject,
  reportOn,
  runOf,
  type TestProject,
  tinyYaml,
  withdrawalOf,
} from '@holdfast/testkit';
import { describe, expect, test } from 'vitest';
import { gate } from '../src/gate.ts';
import { projectStatus } from '../src/status.ts';
import { withdraw } from '../src/vouch.ts';

async function denials(project: TestProject, name?: string): Promise<string[]> {
  const { decision } = await project.ask(name);
  return [...new Set(decision.reasons.map(({ policy }) => policy))].sort();
}

const modelDigest = async (project: TestProject): Promise<Record<string, string>> => ({
  ...(await project.artifact()).digest.digests,
});

describe('a role counts where the ledger says that it was held', () => {
  test('what a key signed before it was revoked still counts, what it signs after does not', async () => {
    const project = await newAllowedProject();
    await project.revoke('builder', ['builder']);
    await project.revoke('approver', ['approver']);
    expect(await denials(project)).toEqual([]);
    const digest = await modelDigest(project);
    const late = await project.record(reportOn(digest, { check: 'scan', verdict: 'fail' }), 'builder');
    await project.record(withdrawalOf(digest), 'approver');
    expect(await denials(project)).toEqual([]);
    const { ignored, broken } = await project.view();
    expect(broken).toEqual([]);
    expect(ignored).toMatchObject([{ id: late.id, code: 'HF_SIGNER_ROLE' }, { code: 'HF_SIGNER_ROLE' }]);
    const { stages } = await project.run({ force: true, stages: ['prepare'] });
    expect(stages).toMatchObject([{ status: 'failed', error: { code: 'HF_NO_SIGNER' } }]);
  });

  test('an approval by a key that gets its role only later does not count; one after that does', async () => {
    const project = await newTestProject({
      keys: { authority: ['authority'], builder: ['builder'], checker: ['checker'], approver: [] },
    });
    await project.run();
    await project.sign();
    const digest = await modelDigest(project);
    await project.record(approvalOf(digest), 'approver');
    expect(await denials(project)).toEqual(['second-person']);
    await project.grant('second', ['approver']);
    expect(await denials(project)).toEqual(['second-person']);
    await project.record(approvalOf(digest), 'second');
    expect(await denials(project)).toEqual([]);
  });

  test("a key that nobody granted anything is nobody's", async () => {
    const project = await newAllowedProject();
    const trust = JSON.parse(project.read('policy/trust.json')) as { signers: { name: string }[] };
    trust.signers = trust.signers.filter(({ name }) => name !== 'approver');
    project.write('policy/trust.json', JSON.stringify(trust));
    expect(await denials(project)).toEqual(['second-person']);
    expect((await project.view()).ignored).toMatchObject([{ code: 'HF_SIGNER_UNKNOWN' }]);
  });

  test('a check by a builder, an approval by a checker, a key event by no authority', async () => {
    const project = await newAllowedProject();
    const digest = await modelDigest(project);
    await project.record(reportOn(digest, { check: 'scan', verdict: 'fail' }), 'builder');
    await project.record(withdrawalOf(digest), 'checker');
    await project.record(runOf({ stage: 'train', outputs: [{ thing: { path: 'build/model', digest } }] }), 'approver');
    expect((await project.view()).ignored.map(({ code }) => code)).toEqual([
      'HF_SIGNER_ROLE',
      'HF_SIGNER_ROLE',
      'HF_SIGNER_ROLE',
    ]);
    expect(await denials(project)).toEqual([]);
  });
});

describe('another builder than the owner', () => {
  test("is denied; the owner's run after it is not", async () => {
    const keys = { builder: ['builder'], rogue: ['builder'], checker: ['checker'], approver: ['approver'] } as const;
    const project = await newTestProject({ keys });
    await project.run({ builder: 'rogue' });
    await project.sign();
    await project.approve();
    // an evaluation by the rogue is none, so its metrics count for nothing either
    expect(await denials(project)).toEqual(['accuracy-floor', 'by-owner', 'separate-evaluation']);
    expect((await project.run()).stages.map(({ reason }) => reason)).toEqual([
      'has never run',
      'has never run',
      'has never run',
    ]);
    expect(await denials(project)).toEqual([]);
    await project.run({ builder: 'rogue', force: true });
    expect(await denials(project)).toEqual([]);
  });
});

describe('what lies on the disk', () => {
  test('one flipped byte of the data is named', async () => {
    const project = await newAllowedProject();
    project.edit('data/raw.csv', '7,1', '7,0');
    const { decision } = await project.ask();
    expect(decision.allowed).toBe(false);
    expect(decision.reasons[0]).toMatchObject({
      policy: 'unchanged',
      message: '`data/raw.csv` is not what `prepare` read',
    });
    project.edit('data/raw.csv', '7,0', '7,1');
    expect(await denials(project)).toEqual([]);
  });

  test('data that is not here is not a change', async () => {
    const project = await newAllowedProject();
    rmSync(project.path('data/raw.csv'));
    expect(await denials(project)).toEqual([]);
  });

  test('one flipped byte of the model is named, and leaves nothing of its evidence', async () => {
    const project = await newAllowedProject();
    project.write('build/model/model.onnx', Buffer.from(project.read('build/model/model.onnx'), 'utf8').fill(1, 0, 1));
    const { decision } = await project.ask();
    expect(decision.reasons[0]).toMatchObject({
      policy: 'unchanged',
      message: '`build/model/model.onnx` is not what `train` wrote',
    });
    expect(await denials(project)).toContain('provenance');
  });

  test('a file more, a file less, another name', async () => {
    const project = await newAllowedProject();
    project.write('build/model/extra', 'x');
    expect((await project.ask()).decision.reasons[0]?.message).toBe('`build/model/extra` is not what `train` wrote');
    renameSync(project.path('build/model/extra'), project.path('extra'));
    expect(await denials(project)).toEqual([]);
    renameSync(project.path('build/model/model.onnx'), project.path('build/model/other.onnx'));
    const messages = (await project.ask()).decision.reasons.flatMap(({ policy, message }) =>
      policy === 'unchanged' ? [message] : [],
    );
    expect(messages.toSorted()).toEqual([
      '`build/model/model.onnx` is not what `train` wrote',
      '`build/model/other.onnx` is not what `train` wrote',
    ]);
  });

  test('a signature of the same bytes under another name, put in by hand, does not count', async () => {
    const project = await newTestProject();
    await project.run();
    await project.approve();
    const files = (await project.artifact()).digest;
    if (files.kind !== 'folder') throw new Error('not a folder');
    const thing = {
      ...folderThing('m', {}),
      files: files.files.map(({ sha256 }) => ({ name: 'weights.onnx', sha256 })),
    };
    await project.record(modelSignatureOn({ ...thing, digest: {} }), 'builder');
    expect(await denials(project)).toEqual(['signed']);
    await project.sign();
    expect(await denials(project)).toEqual([]);
  });
});

describe('evidence that is gone or changed', () => {
  test('denies, and no decision is recorded on it', async () => {
    const project = await newAllowedProject();
    const opened = await project.open();
    const before = (await project.view()).size;
    const [shard = ''] = readdirSync(project.path('.holdfast/evidence'));
    rmSync(project.path(`.holdfast/evidence/${shard}`), { recursive: true });
    const result = await gate(opened, await project.artifact(), 'production');
    expect(result.decision.allowed).toBe(false);
    expect(result.decision.reasons.map(({ policy }) => policy)).toContain('evidence-verifies');
    expect(result.evidence).toBeUndefined();
    expect((await project.view()).size).toBe(before);
  });
});

describe('withdrawals', () => {
  test('of the data deny the model from then on', async () => {
    const project = await newAllowedProject();
    await withdraw(await project.open(), await project.artifact('raw'), 'collected without consent');
    expect(await denials(project)).toEqual(['withdrawn']);
    expect((await projectStatus(await project.open())).artifacts).toMatchObject([
      { artifact: 'raw', withdrawn: true },
      { artifact: 'model', withdrawn: false },
    ]);
  });
});

describe('what cannot be asked', () => {
  test('an environment, an artifact or a policy that is not there', async () => {
    const project = await newTestProject();
    await project.run();
    await expect(project.ask('model', 'staging')).rejects.toMatchObject({ code: 'HF_ENVIRONMENT_UNKNOWN', exit: 2 });
    await expect(project.ask('modle')).rejects.toMatchObject({ code: 'HF_ARTIFACT_UNKNOWN', exit: 2 });
    for (const outside of ['..', '../other', '.', '/etc/passwd']) {
      await expect(project.ask(outside)).rejects.toMatchObject({ code: 'HF_PATH_OUTSIDE' });
    }
    rmSync(project.path('policy/production.cedar'));
    await expect(project.ask()).rejects.toMatchObject({ code: 'HF_ENVIRONMENT_UNKNOWN' });
  });

  test('a trust file that does not name the ledger', async () => {
    const project = await newTestProject();
    project.edit('holdfast.yaml', 'ledger: tiny.example', 'ledger: other.example');
    await expect(project.view()).rejects.toMatchObject({ code: 'HF_CONFIG_INVALID' });
    rmSync(project.path('policy/trust.json'));
    await expect(project.view()).rejects.toMatchObject({ code: 'HF_CONFIG_NOT_FOUND' });
  });
});

describe('the status', () => {
  test('says what to do next, step by step, until the gate is open', async () => {
    const project = await newTestProject();
    const next = async (): Promise<string | undefined> => (await projectStatus(await project.open())).next;
    expect(await next()).toBe('holdfast run');
    await project.run();
    expect(await next()).toBe('holdfast sign build/model');
    await project.sign();
    expect(await next()).toBe('holdfast approve build/model');
    await project.approve();
    expect(await next()).toBe('holdfast gate model --to production');
    const status = await projectStatus(await project.open());
    expect(status).toMatchObject({
      project: 'tiny',
      ledger: { origin: 'tiny.example', size: 7 },
      broken: [],
      ignored: [],
      stages: [
        { stage: 'prepare', current: true, isolation: 'none' },
        { stage: 'train', current: true },
        { stage: 'evaluate', current: true },
      ],
      artifacts: [
        { artifact: 'raw', exists: true, checks: [] },
        { artifact: 'model', exists: true, checks: [{ check: 'scan', verdict: 'pass' }] },
      ],
      gates: [{ artifact: 'model', environment: 'production', decision: { allowed: true } }],
    });
  });

  test('names a gate that cannot be asked, and a stage that is due', async () => {
    const project = await newAllowedProject();
    project.write('policy/production.cedar', 'permit (');
    project.edit('evaluate.sh', '0.9', '0.8');
    const status = await projectStatus(await project.open());
    expect(status.gates).toMatchObject([{ decision: undefined, problem: expect.any(String) as string }]);
    expect(status.stages.find(({ stage }) => stage === 'evaluate')).toMatchObject({
      current: false,
      reason: '`evaluate.sh` changed',
    });
    expect(status.next).toBe('holdfast run');
  });
});

test('a file of a folder that a stage writes can be what the next one reads', async () => {
  const yaml = tinyYaml
    .replace('outputs: [build/train.csv, build/test.csv]', 'outputs: [build/data]')
    .replaceAll('build/train.csv', 'build/data/train.csv')
    .replaceAll('build/test.csv', 'build/data/test.csv');
  const project = await newTestProject({ yaml });
  project.write(
    'prepare.sh',
    'mkdir -p build/data; head -n 15 data/raw.csv > build/data/train.csv; tail -n 5 data/raw.csv > build/data/test.csv\n',
  );
  project.edit('train.sh', 'build/train.csv', 'build/data/train.csv');
  await project.run();
  await project.sign();
  await project.approve();
  expect(await denials(project)).toEqual([]);
});
