import { symlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { type Access, evidenceAs } from '@holdfast/evidence';
import { newTestProject, type TestProject } from '@holdfast/testkit';
import { describe, expect, test } from 'vitest';

const yamlOf = (artifact: string, more = ''): string => `project: tiny
ledger: tiny.example
${more}artifacts: { raw: { path: data/raw.csv, kind: dataset, ${artifact} } }
stages: { prepare: { command: 'wc -l data/raw.csv > out', inputs: [raw], outputs: [out] } }
`;

/** These stages are confined by nothing: without this no stage is given what is confidential. */
const trusting = '@id("trusting") permit (principal, action == Holdfast::Action::"run", resource);\n';

const projectOf = (artifact: string, more = ''): Promise<TestProject> =>
  newTestProject({
    yaml: yamlOf(artifact, more),
    files: { 'data/raw.csv': '1,2\n', 'policy/run.cedar': trusting },
  });

/** Who read what, in the order of the ledger. */
async function accessIn(project: TestProject) {
  const { evidence, ignored, broken } = await project.view();
  expect([ignored, broken]).toEqual([[], []]);
  return evidence.flatMap((piece) => {
    const access: Access | undefined = evidenceAs('access', piece)?.statement.predicate;
    if (access === undefined) return [];
    const { purpose, outcome, classification } = access;
    const name = piece.statement.subject[0]?.name ?? '';
    return [`${piece.signerName} ${outcome} ${classification} ${name} for ${purpose.kind} ${purpose.name}`];
  });
}

describe('reading what is confidential', () => {
  test('for a stage leaves evidence before its run, and once more when it is read again', async () => {
    const project = await projectOf('classification: confidential');
    const { recorded, ledgerSize } = await project.run();
    expect(await accessIn(project)).toEqual(['builder read confidential raw for run prepare']);
    expect(recorded).toBe(ledgerSize);
    const { evidence } = await project.view();
    expect(evidence.slice(0, 2).map(({ kind }) => kind)).toEqual(['access', 'run']);
    await project.run();
    expect(await accessIn(project)).toHaveLength(1);
    await project.run({ force: true });
    expect(await accessIn(project)).toHaveLength(2);
  });

  test.each(['public', 'internal'])('is nothing of the sort where it is %s', async (classification) => {
    const project = await projectOf(`classification: ${classification}`);
    await project.run();
    expect(await accessIn(project)).toEqual([]);
  });

  test('for a check leaves evidence by the checker', async () => {
    const project = await projectOf('classification: restricted', 'checks: { raw: [data.source] }\n');
    await project.run();
    expect(await accessIn(project)).toEqual([
      'builder read restricted raw for run prepare',
      'checker read restricted raw for check data.source',
    ]);
    await project.run();
    expect(await accessIn(project)).toHaveLength(2);
  });

  test('counts for as much as its source says', async () => {
    const sources = 'sources: { bureau: { uri: "https://data.example/raw.csv", classification: restricted } }\n';
    const project = await projectOf('source: bureau', sources);
    await project.run();
    expect(await accessIn(project)).toEqual(['builder read restricted raw for run prepare']);
  });

  test.each([
    ['by the folder that it lies in', 'data'],
    ['through a folder that is a link', 'alias/raw.csv'],
  ])('is seen also %s', async (_, input) => {
    const project = await projectOf('classification: confidential');
    symlinkSync('data', project.path('alias'));
    project.edit('holdfast.yaml', 'inputs: [raw]', `inputs: [${input}]`);
    const { stages } = await project.run();
    expect(stages[0]?.error).toBeUndefined();
    expect(await accessIn(project)).toEqual([`builder read confidential ${input} for run prepare`]);
  });

  test('that is refused leaves evidence, too', async () => {
    const sha256 = 'ab'.repeat(32);
    const sources = `sources: { bureau: { uri: "https://data.example/raw.csv", sha256: ${sha256} } }\n`;
    const project = await projectOf('source: bureau, classification: confidential', sources);
    const { stages } = await project.run();
    expect(stages[0]?.error).toMatchObject({ code: 'HF_SOURCE_MISMATCH' });
    expect(await accessIn(project)).toEqual(['builder refused confidential raw for run prepare']);
    const { evidence } = await project.view();
    const { reason } = evidenceAs('access', evidence.at(-1)!)!.statement.predicate;
    expect(reason).toMatch(/^HF_SOURCE_MISMATCH: `data\/raw.csv` is not what the source `bureau` pins$/);
  });

  test('by who may neither build nor check counts for nothing', async () => {
    const project = await projectOf('classification: public');
    const { predicateTypes, statementOf } = await import('@holdfast/evidence');
    const access: Access = {
      purpose: { kind: 'run', name: 'prepare' },
      ...{ classification: 'confidential', outcome: 'read', accessedOn: new Date().toISOString() },
    };
    await project.record(
      statementOf(predicateTypes.access, [{ digest: { sha256: 'ab'.repeat(32) } }], access),
      'approver',
    );
    expect((await project.view()).ignored).toMatchObject([{ code: 'HF_SIGNER_ROLE' }]);
  });
});

test('an operation says so before it reads what is confidential', async () => {
  const project = await projectOf('classification: restricted');
  const { operationRecorder } = await import('../src/record-operation.ts');
  const { digestArtifact } = await import('@holdfast/evidence');
  project.write('masked.csv', 'x');
  project.write('other.csv', 'y');
  const digest = { sha256: (await digestArtifact(project.path('data/raw.csv'))).digests.sha256 };
  const other = { sha256: (await digestArtifact(project.path('other.csv'))).digests.sha256 };
  const recorder = await operationRecorder(project.folder);
  const inputs = [
    { path: project.path('data/raw.csv'), digest },
    { path: project.path('other.csv'), digest: other },
  ];
  await recorder?.reads('data.mask', [project.path('data/raw.csv'), project.path('other.csv')]);
  expect(await accessIn(project)).toEqual(['builder read restricted raw for operation data.mask']);
  await recorder?.record({
    ...{ name: 'data.mask', command: 'holdfast data mask', parameters: {}, inputs, startedOn: new Date() },
    outputs: { output: project.path('masked.csv') },
  });
  expect(await accessIn(project)).toEqual(['builder read restricted raw for operation data.mask']);
});

test('a check that somebody asks for by hand says so, too, whatever path they name', async () => {
  const project = await projectOf('classification: restricted');
  const { checkPath } = await import('../src/check-path.ts');
  const { scanCheck } = await import('@holdfast/scan/check');
  const { signal } = new AbortController();
  for (const artifact of ['raw', 'data', '.']) {
    await checkPath({ check: scanCheck, folder: project.folder, artifact, options: {}, signal });
  }
  expect(await accessIn(project)).toEqual([
    'checker read restricted raw for check scan',
    'checker read restricted data for check scan',
    `checker read restricted ${basename(project.folder)} for check scan`,
  ]);
});
