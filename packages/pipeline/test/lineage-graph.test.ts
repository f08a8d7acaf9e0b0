import type { Statement } from '@holdfast/evidence';
import { decisionStatement } from '@holdfast/policy';
import {
  approvalOf,
  fileThing,
  folderThing,
  memoryView,
  type Piece,
  reportOn,
  runOf,
  type Thing,
  withdrawalOf,
} from '@holdfast/testkit';
import { describe, expect, test } from 'vitest';
import { computeLineage } from '../src/lineage/compute-lineage.ts';
import { findSubjects } from '../src/lineage/find-subjects.ts';
import type { Lineage } from '../src/lineage/lineage.ts';
import { selectLineage } from '../src/lineage/select-lineage.ts';
import { ask, complete, evidence, questionOf, things } from './gate-scene.ts';

const built = (statement: Statement): Piece => ({ signer: 'builder', statement });
const ofPieces = (pieces: readonly Piece[]): Lineage => computeLineage(memoryView(pieces), 'tiny');

/** The decision that the gate takes with this evidence. */
function decided(pieces: readonly Piece[]): Piece {
  const question = questionOf(pieces);
  return built(decisionStatement(question, ask(pieces), '1'));
}

/** Nodes by a path that they were seen at, for reading. */
function arrowsOf(lineage: Lineage): string[] {
  const name = new Map(lineage.artifacts.map(({ id, paths, names }) => [id, paths[0] ?? names[0] ?? id]));
  return lineage.runs.flatMap(({ stage, inputs, outputs }) => [
    ...inputs.map((input) => `${name.get(input) ?? '?'} > ${stage}`),
    ...outputs.map((output) => `${stage} > ${name.get(output) ?? '?'}`),
  ]);
}

const artifactAt = (lineage: Lineage, path: string) => lineage.artifacts.find(({ paths }) => paths.includes(path));

describe('the graph of a pipeline', () => {
  const pieces = evidence();
  const lineage = ofPieces([...pieces, decided(pieces)]);

  test('which run read and wrote which bytes', () => {
    expect(arrowsOf(lineage)).toEqual([
      'data/raw.csv > prepare',
      'prepare.sh > prepare',
      'prepare > build/train.csv',
      'prepare > build/test.csv',
      'build/train.csv > train',
      'train.sh > train',
      'train > build/model',
      'build/model > evaluate',
      'build/test.csv > evaluate',
      'evaluate.sh > evaluate',
      'evaluate > build/metrics.json',
    ]);
  });

  test('where each artifact comes from', () => {
    expect(lineage.artifacts.map(({ paths, origin, kind }) => [paths[0], origin, kind])).toEqual([
      ['data/raw.csv', 'unknown', 'dataset'],
      ['prepare.sh', 'unknown', 'code'],
      ['build/train.csv', 'made', 'dataset'],
      ['build/test.csv', 'made', 'dataset'],
      ['train.sh', 'unknown', 'code'],
      ['build/model', 'made', 'model'],
      ['evaluate.sh', 'unknown', 'code'],
      ['build/metrics.json', 'made', 'dataset'],
    ]);
  });

  test('what was said about the model: checks, signature, approval and the decision', () => {
    const model = artifactAt(lineage, 'build/model');
    expect(model?.checks.map(({ check, verdict, origin }) => [check, verdict, origin])).toEqual([
      ['metrics', 'pass', 'reported'],
      ['scan', 'pass', 'measured'],
    ]);
    expect(model?.signatures.map(({ by }) => by)).toEqual(['builder']);
    expect(model?.approvals.map(({ by }) => by)).toEqual(['approver']);
    expect(lineage.decisions).toMatchObject([
      { artifact: model?.id, environment: 'production', state: 'allowed', by: 'builder', reasons: [], earlier: [] },
    ]);
    expect(lineage.runs.find(({ stage }) => stage === 'evaluate')?.measured).toEqual([model?.id]);
    expect(model?.id).toBe(
      `dirHash:${things.model.digest['dirHash'] ?? ''}+sha256:${things.model.digest['sha256'] ?? ''}`,
    );
  });

  test('how many pieces of evidence stand behind it', () => {
    expect(lineage.evidence).toEqual({ runs: 3, checks: 2, signatures: 1, approvals: 1, withdrawals: 0, decisions: 1 });
    const [train] = findSubjects(lineage, 'build/train.csv');
    const part = selectLineage(lineage, [train ?? '']);
    expect(part.evidence).toEqual({ runs: 3, checks: 2, signatures: 1, approvals: 1, withdrawals: 0, decisions: 1 });
    const [data] = findSubjects(lineage, 'data/raw.csv');
    expect(selectLineage(lineage, [data ?? '']).artifacts).toHaveLength(5);
    const [test] = findSubjects(lineage, 'build/test.csv');
    const other = selectLineage(lineage, [test ?? '']);
    expect(other.artifacts.map(({ paths }) => paths[0])).toEqual([
      'data/raw.csv',
      'prepare.sh',
      'build/test.csv',
      'build/metrics.json',
    ]);
    expect(other.evidence).toEqual({ runs: 2, checks: 0, signatures: 0, approvals: 0, withdrawals: 0, decisions: 0 });
  });
});

describe('what stands at last', () => {
  test('the newest report of a check, and the newest decision', () => {
    const failing = { signer: 'checker', statement: reportOn(things.model.digest, { check: 'scan', verdict: 'fail' }) };
    const pieces = evidence();
    const worse = evidence({}, failing);
    const lineage = ofPieces([...pieces, decided(pieces), failing, decided(worse)]);
    const scan = artifactAt(lineage, 'build/model')?.checks.find(({ check }) => check === 'scan');
    expect(scan).toMatchObject({ verdict: 'fail', earlier: [expect.stringMatching(/^[0-9a-f]{64}$/)] });
    expect(lineage.decisions).toMatchObject([
      { state: 'denied', reasons: ['scanned'], earlier: [expect.stringMatching(/^[0-9a-f]{64}$/)] },
    ]);
  });

  test('data that is withdrawn takes what was made from it along, and what was allowed is revoked', () => {
    const pieces = evidence();
    const gone = { signer: 'approver', statement: withdrawalOf(things.raw.digest, 'no consent') };
    const lineage = ofPieces([...pieces, decided(pieces), gone]);
    expect(artifactAt(lineage, 'data/raw.csv')).toMatchObject({
      withdrawals: [{ by: 'approver', reason: 'no consent' }],
      fromWithdrawn: false,
    });
    const tainted = lineage.artifacts.filter(({ fromWithdrawn }) => fromWithdrawn).map(({ paths }) => paths[0]);
    expect(tainted).toEqual(['build/train.csv', 'build/test.csv', 'build/model', 'build/metrics.json']);
    expect(lineage.decisions).toMatchObject([{ state: 'revoked' }]);
  });

  test('a file inside the model that is withdrawn revokes what was allowed, as a gate would', () => {
    const pieces = evidence();
    const card = fileThing('build/model/card.md', 'card');
    const gone = { signer: 'approver', statement: withdrawalOf(card.digest) };
    const lineage = ofPieces([...pieces, decided(pieces), gone]);
    expect(lineage.decisions).toMatchObject([{ state: 'revoked' }]);
    expect(artifactAt(lineage, 'build/model')?.fromWithdrawn).toBe(true);
    expect(artifactAt(lineage, 'build/train.csv')?.fromWithdrawn).toBe(false);
  });

  test('a decision that does not come out again counts for nothing', () => {
    const pieces = evidence();
    const view = memoryView([...pieces, decided(pieces)]);
    const id = computeLineage(view, 'tiny').decisions[0]?.id ?? '';
    const lineage = computeLineage(view, 'tiny', new Map([[id, 'another answer']]));
    expect(lineage.decisions).toMatchObject([{ state: 'unknown', problem: 'another answer' }]);
  });
});

describe('what evidence does not show', () => {
  test('a run that is not on record: its output is said to be made by it', () => {
    const lineage = ofPieces(evidence({ prepare: undefined }));
    expect(artifactAt(lineage, 'build/train.csv')).toMatchObject({ origin: 'unproven', claimed: ['prepare'] });
  });

  test('a declared source is named where no run made the artifact', () => {
    const from = 'https://data.example/raw.csv';
    const statement = structuredClone(complete.prepare.statement) as { predicate: Sourced } & Statement;
    Object.assign(statement.predicate.buildDefinition.resolvedDependencies[0] ?? {}, { uri: from });
    const lineage = ofPieces(evidence({ prepare: built(statement) }));
    expect(artifactAt(lineage, 'data/raw.csv')).toMatchObject({ origin: 'source', sources: [from] });
  });

  test('an artifact that no run speaks of is there, with what was said of it', () => {
    const foreign = fileThing('llama.gguf', 'weights');
    const lineage = ofPieces([
      { signer: 'checker', statement: reportOn(foreign.digest, { check: 'scan', verdict: 'unknown' }) },
      { signer: 'approver', statement: approvalOf(foreign.digest) },
    ]);
    expect(lineage.artifacts).toMatchObject([{ origin: 'unknown', checks: [{ verdict: 'unknown' }], approvals: [{}] }]);
    expect(lineage.runs).toEqual([]);
  });
});

interface Sourced {
  readonly buildDefinition: { readonly resolvedDependencies: readonly object[] };
}

describe('runs', () => {
  const raw = fileThing('raw.csv', 'raw');
  const table = fileThing('table.csv', 'table');

  test('that differ in nothing but their time are one; another input or another signer makes another', () => {
    const run = (invocation: string, more: readonly Thing[] = []): Piece =>
      built(
        runOf({
          stage: 'clean',
          invocation,
          inputs: [raw, ...more].map((thing) => ({ thing })),
          outputs: [{ thing: table }],
        }),
      );
    const lineage = ofPieces([
      run('a'),
      run('b'),
      run('c', [fileThing('more.csv', 'more')]),
      { ...run('d'), signer: 'other' },
    ]);
    expect(
      lineage.runs.map(({ builder, executions }) => [builder, executions.map(({ invocation }) => invocation)]),
    ).toEqual([
      ['builder', ['a', 'b']],
      ['builder', ['c']],
      ['other', ['d']],
    ]);
    expect(lineage.evidence.runs).toBe(4);
  });

  test('that read what they write, and runs in a circle, are walked once', () => {
    const lineage = ofPieces([
      built(runOf({ stage: 'sort', inputs: [{ thing: table }], outputs: [{ thing: table }] })),
      built(runOf({ stage: 'there', inputs: [{ thing: raw }], outputs: [{ thing: table }] })),
      built(runOf({ stage: 'back', inputs: [{ thing: table }], outputs: [{ thing: raw }] })),
      { signer: 'approver', statement: withdrawalOf(raw.digest) },
    ]);
    const [subject = ''] = findSubjects(lineage, 'raw.csv');
    const part = selectLineage(lineage, [subject]);
    expect(part.runs.map(({ stage }) => stage)).toEqual(['sort', 'there', 'back']);
    expect(part.artifacts).toHaveLength(2);
    expect(lineage.artifacts.every(({ fromWithdrawn }) => fromWithdrawn)).toBe(true);
  });

  test('a file of a folder that was written is joined to it, at the same path only', () => {
    const model = folderThing('model', { 'a.onnx': 'weights', 'empty.txt': '' });
    const weights = fileThing('model/a.onnx', 'weights');
    const empty = fileThing('elsewhere/empty.txt', '');
    const lineage = ofPieces([
      built(runOf({ stage: 'train', inputs: [{ thing: raw }], outputs: [{ thing: model, kind: 'model' }] })),
      built(
        runOf({
          stage: 'serve',
          inputs: [{ thing: weights, stage: 'train' }, { thing: empty }],
          outputs: [{ thing: table }],
        }),
      ),
    ]);
    const [folder, file] = [artifactAt(lineage, 'model'), artifactAt(lineage, 'model/a.onnx')];
    expect(lineage.parts).toEqual([{ from: folder?.id, to: file?.id }]);
    expect(file?.origin).toBe('made');
    expect(artifactAt(lineage, 'elsewhere/empty.txt')?.origin).toBe('unknown');
    const [subject = ''] = findSubjects(lineage, 'table.csv');
    expect(selectLineage(lineage, [subject]).runs.map(({ stage }) => stage)).toEqual(['train', 'serve']);
  });

  test('a folder that is read is joined to the file in it that was written', () => {
    const folder = folderThing('tables', { 'table.csv': 'table' });
    const lineage = ofPieces([
      built(
        runOf({
          stage: 'clean',
          inputs: [{ thing: raw }],
          outputs: [{ thing: fileThing('tables/table.csv', 'table') }],
        }),
      ),
      built(runOf({ stage: 'train', inputs: [{ thing: folder }], outputs: [{ thing: fileThing('m', 'm') }] })),
    ]);
    expect(lineage.parts).toHaveLength(1);
    expect(artifactAt(lineage, 'tables')?.origin).toBe('made');
  });
});

describe('what somebody means', () => {
  const lineage = ofPieces(evidence());
  const { sha256 = '' } = things.raw.digest;

  test('a path, a digest with or without its algorithm, and the beginning of one', () => {
    const wanted = [`sha256:${sha256}`, sha256, sha256.slice(0, 8), `sha256:${sha256.slice(0, 12)}…`];
    for (const text of ['data/raw.csv', ...wanted]) expect(findSubjects(lineage, text)).toEqual([`sha256:${sha256}`]);
  });

  test('a path with several versions means all of them', () => {
    const newer = fileThing('data/raw.csv', 'newer');
    const again = ofPieces([
      ...evidence(),
      built(runOf({ stage: 'prepare', inputs: [{ thing: newer }], outputs: [{ thing: things.test }] })),
    ]);
    expect(findSubjects(again, 'data/raw.csv')).toHaveLength(2);
  });

  test.each(['nothing', '', 'ffffffff', `dirHash:${sha256}`, sha256.slice(0, 5), `sha256:${sha256}0`])(
    '`%s` is no artifact',
    (text) => {
      expect(() => findSubjects(lineage, text)).toThrow(
        expect.objectContaining({ code: 'HF_ARTIFACT_UNKNOWN', exit: 2 }),
      );
    },
  );

  test('a beginning that two digests share is not enough', () => {
    const twins = ofPieces(
      ['abcdef11', 'abcdef22'].map((start) =>
        built(
          runOf({
            stage: 'make',
            outputs: [{ thing: { path: start, digest: { sha256: start.padEnd(64, '0') } } }],
          }),
        ),
      ),
    );
    expect(() => findSubjects(twins, 'abcdef')).toThrow(/the digests of 2 artifacts begin with `abcdef`/);
    expect(findSubjects(twins, 'sha256:abcdef1')).toHaveLength(1);
  });
});
