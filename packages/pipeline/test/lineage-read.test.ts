import { readFileSync, writeFileSync } from 'node:fs';
import { evidenceAs } from '@holdfast/evidence';
import { newAllowedProject, newTestProject, type TestProject, temporaryFolder } from '@holdfast/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { exportEvidence } from '../src/export.ts';
import { gate } from '../src/gate.ts';
import { findSubjects, subjectWith } from '../src/lineage/find-subjects.ts';
import type { Lineage } from '../src/lineage/lineage.ts';
import { archiveLineage, projectLineage } from '../src/lineage/read-lineage.ts';
import { readTrust } from '../src/project-paths.ts';
import { withdraw } from '../src/vouch.ts';

const lineageOf = async (project: TestProject): Promise<Lineage> => projectLineage(await project.open());
const pathsOf = ({ artifacts }: Lineage): unknown[] => artifacts.map(({ paths, origin }) => [paths[0], origin]);

const whole = [
  ['data/raw.csv', 'unknown'],
  ['prepare.sh', 'unknown'],
  ['build/train.csv', 'made'],
  ['build/test.csv', 'made'],
  ['train.sh', 'unknown'],
  ['base.onnx', 'unknown'],
  ['build/model', 'made'],
  ['evaluate.sh', 'unknown'],
  ['build/metrics.json', 'made'],
];

describe('the lineage of a real project', () => {
  let project: TestProject;
  const decide = async () => gate(await project.open(), await project.artifact(), 'production');
  beforeAll(async () => {
    project = await newAllowedProject();
    await decide();
  });

  test('from the data to the decision, here and from an archive alone', async () => {
    const lineage = await lineageOf(project);
    expect(pathsOf(lineage)).toEqual(whole);
    expect(lineage.runs.map(({ stage, builder, isolation }) => [stage, builder, isolation])).toEqual([
      ['prepare', 'builder', 'none'],
      ['train', 'builder', 'none'],
      ['evaluate', 'builder', 'none'],
    ]);
    expect(lineage.decisions).toMatchObject([{ environment: 'production', state: 'allowed' }]);
    const { digest } = await project.artifact();
    expect(subjectWith(lineage, { ...digest.digests })).toBe(findSubjects(lineage, 'model')[0]);
    const file = `${temporaryFolder()}/all.holdfast`;
    const opened = await project.open();
    await exportEvidence(opened, file);
    const elsewhere = await archiveLineage(file, await readTrust(opened.paths.trust));
    expect(elsewhere).toEqual({ ...lineage, title: 'tiny.example' });
  });

  test('what was allowed is revoked with its data; a decision that its signer made up counts for nothing', async () => {
    await withdraw(await project.open(), await project.artifact('raw'), 'no consent', 'approver');
    expect((await lineageOf(project)).decisions).toMatchObject([{ state: 'revoked' }]);
    expect((await decide()).decision.allowed).toBe(false);
    const decisions = (await project.view()).evidence.flatMap((piece) => evidenceAs('decision', piece) ?? []);
    const denied = decisions.at(-1);
    if (denied === undefined) throw new Error('no decision');
    const forged = structuredClone(denied.statement);
    Object.assign(forged.predicate, { verificationResult: 'PASSED', verifiedLevels: ['HOLDFAST_PRODUCTION'] });
    await project.record(forged, denied.signerName);
    expect((await lineageOf(project)).decisions).toMatchObject([
      { state: 'unknown', problem: expect.any(String) as string, earlier: decisions.map(({ id }) => id) },
    ]);
  });

  test('what a key signs that lost its role is not in it, and is counted', async () => {
    await project.revoke('builder', ['builder']);
    const run = (await project.view()).evidence.find(({ kind }) => kind === 'run');
    if (run === undefined) throw new Error('no run');
    await project.record(run.statement, 'builder');
    const lineage = await lineageOf(project);
    expect(lineage.ignored).toMatchObject([{ code: 'HF_SIGNER_ROLE' }]);
    expect(lineage.runs[0]?.executions).toHaveLength(1);
  });

  test('evidence that was changed is not in it, and is counted', async () => {
    const train = (await project.view()).evidence.find(
      (piece) => evidenceAs('run', piece)?.statement.predicate.buildDefinition.externalParameters.stage === 'train',
    );
    const file = project.path(`.holdfast/evidence/${train?.id.slice(0, 2) ?? ''}/${train?.id ?? ''}.json`);
    writeFileSync(file, readFileSync(file, 'utf8').replace(/"payload":"./, '"payload":"A'));
    const lineage = await lineageOf(project);
    expect(lineage.broken).toMatchObject([{ id: train?.id }]);
    expect(lineage.runs.map(({ stage }) => stage)).toEqual(['prepare', 'evaluate']);
    expect(lineage.artifacts.find(({ paths }) => paths.includes('build/model'))).toMatchObject({
      origin: 'unproven',
      claimed: ['train'],
    });
    expect(lineage.evidence.runs).toBe(2);
  });
});

test('a project without evidence has no lineage yet', async () => {
  const { artifacts, runs, decisions } = await lineageOf(await newTestProject());
  expect([artifacts, runs, decisions]).toEqual([[], [], []]);
});
