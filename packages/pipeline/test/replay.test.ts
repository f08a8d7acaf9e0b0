import {
  type DecisionPredicate,
  EvidenceError,
  type EvidenceView,
  evidenceAs,
  predicateSchemas,
  type ReadEvidence,
  type Statement,
  viewAt,
} from '@holdfast/evidence';
import { LedgerError } from '@holdfast/ledger';
import { PolicyError, replayDecision } from '@holdfast/policy';
import { newTestProject, sha256Of, type TestProject } from '@holdfast/testkit';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { findArtifact } from '../src/artifacts.ts';
import { exportEvidence } from '../src/export.ts';
import { gate } from '../src/gate.ts';
import { openView } from '../src/project.ts';
import { readTrust } from '../src/project-paths.ts';
import { replayDecisions, verifyArchive } from '../src/verify-archive.ts';
import { withdraw } from '../src/vouch.ts';

type Decision = ReadEvidence<DecisionPredicate>;

/** A project whose gate was asked at every step, and answered both ways. */
async function decidedProject(): Promise<TestProject> {
  const project = await newTestProject();
  const decide = async (): Promise<boolean> =>
    (await gate(await project.open(), await project.artifact(), 'production')).decision.allowed;
  await project.run();
  expect(await decide()).toBe(false);
  await project.grant('second', ['approver']);
  await project.sign();
  await project.approve();
  expect(await decide()).toBe(true);
  await project.revoke('second', ['approver']);
  expect(await decide()).toBe(true);
  const opened = await project.open();
  await withdraw(opened, await findArtifact(opened, 'raw', project.folder), 'collected without consent', 'approver');
  expect(await decide()).toBe(false);
  return project;
}

describe('decisions of a real project', () => {
  let project: TestProject;
  let view: EvidenceView;
  let decisions: Decision[];
  let rootOf: (size: number) => Promise<Uint8Array>;
  beforeAll(async () => {
    project = await decidedProject();
    const opened = await openView(await project.open());
    view = opened.view;
    rootOf = (size) => opened.reader.rootAt(size);
    decisions = view.evidence.flatMap((piece) => evidenceAs('decision', piece) ?? []);
  });

  const then = async ({ statement }: Decision): Promise<EvidenceView> => {
    const { size } = statement.predicate.holdfast_decision.ledger;
    return viewAt(view, size, await rootOf(size));
  };

  test('each comes out again, from the ledger of its time', async () => {
    expect(decisions.map(({ statement }) => statement.predicate.verificationResult)).toEqual([
      'FAILED',
      'PASSED',
      'PASSED',
      'FAILED',
    ]);
    for (const decision of decisions) {
      const { decision: again } = replayDecision(decision.statement, await then(decision));
      expect(again.allowed).toBe(decision.statement.predicate.verificationResult === 'PASSED');
    }
    const { view: whole, reader } = await openView(await project.open());
    expect((await replayDecisions(whole, reader)).map(({ problem, result }) => [problem, result])).toEqual([
      [undefined, 'FAILED'],
      [undefined, 'PASSED'],
      [undefined, 'PASSED'],
      [undefined, 'FAILED'],
    ]);
    const [, second] = decisions;
    expect(await replayDecisions(whole, reader, second?.id)).toHaveLength(1);
  });

  test('and from an archive, offline', async () => {
    const opened = await project.open();
    const file = project.path('evidence.holdfast');
    await exportEvidence(opened, file);
    const verified = await verifyArchive(file, await readTrust(opened.paths.trust));
    expect(verified.postQuantum).toBe(true);
    expect(verified.decisions.map(({ problem }) => problem)).toEqual([undefined, undefined, undefined, undefined]);
    const stranger = {
      ...(await readTrust(opened.paths.trust)),
      ledgers: [{ origin: 'other.example', verifierKeys: ['x'] }],
    };
    await expect(verifyArchive(file, stranger)).rejects.toMatchObject({ code: 'HF_CONFIG_INVALID' });
  });

  test('none comes out from the ledger of another time', async () => {
    for (const decision of decisions) {
      const { size } = decision.statement.predicate.holdfast_decision.ledger;
      const sizes = [size - 1, size + 1, view.size].filter((other) => other !== size && other <= view.size);
      for (const other of sizes) {
        const wrong = viewAt(view, other, await rootOf(other));
        expect(() => replayDecision(decision.statement, wrong)).toThrow(
          expect.objectContaining({ code: 'HF_POLICY_REPLAY' }),
        );
      }
    }
  });

  /**
   * What went in and what the answer does not depend on, given the rest: another value makes another decision that is
   * true as well. Only the signature keeps it as it was.
   */
  const free = (path: string): boolean =>
    [
      /^predicate\.verifier\.version\./,
      /^predicate\.timeVerified$/,
      /^predicate\.holdfast_decision\.(principal|policies\.0\.name|stages\.[01]\.behind)$/,
    ].some((pattern) => pattern.test(path));

  /** A check of which neither the policy nor any evidence says a word. */
  const isUnheardOf = (path: string): boolean => {
    const [, index] = /^predicate\.holdfast_decision\.knownChecks\.(\d+)$/.exec(path) ?? [];
    const { knownChecks } = decisions[1]!.statement.predicate.holdfast_decision;
    return index !== undefined && knownChecks[Number(index)] !== 'scan';
  };

  test('altering any field makes it fail', async () => {
    const decision = decisions[1]!;
    const before = await then(decision);
    const paths = leavesOf(decision.statement);
    expect(paths.length).toBeGreaterThan(40);
    const unnoticed: string[] = [];
    for (const path of paths) {
      for (const alter of [changed, removed]) {
        const statement = structuredClone(decision.statement) as unknown as Loose;
        if (!alter(statement, path) || !readable(statement)) continue;
        if (comesOut(statement, before)) unnoticed.push(path.join('.'));
      }
    }
    expect([...new Set(unnoticed)].filter((path) => !free(path) && !isUnheardOf(path))).toEqual([]);
  });

  test('a denial is not less fixed than an allowance', async () => {
    const decision = decisions[0]!;
    const before = await then(decision);
    for (const path of leavesOf(decision.statement)) {
      const statement = structuredClone(decision.statement) as unknown as Loose;
      if (!changed(statement, path) || !readable(statement) || free(path.join('.'))) continue;
      expect([path.join('.'), comesOut(statement, before)]).toEqual([path.join('.'), false]);
    }
  });

  test('what is added is noticed too', async () => {
    const decision = decisions[1]!;
    const before = await then(decision);
    const additions: Record<string, (statement: Decision['statement']) => object> = {
      'a level': (statement) => ({
        ...statement,
        predicate: {
          ...statement.predicate,
          verifiedLevels: [...statement.predicate.verifiedLevels, 'SLSA_BUILD_LEVEL_3'],
        },
      }),
      'a second subject': (statement) => ({
        ...statement,
        subject: [...statement.subject, { name: 'other', digest: { sha256: sha256Of('other') } }],
      }),
      'no subject': (statement) => ({ ...statement, subject: [] }),
      'a field': (statement) => ({ ...statement, predicate: { ...statement.predicate, slsaVersion: '1.2' } }),
      'an input': (statement) => ({
        ...statement,
        predicate: {
          ...statement.predicate,
          inputAttestations: [...statement.predicate.inputAttestations, { digest: { sha256: sha256Of('x') } }],
        },
      }),
    };
    for (const [what, add] of Object.entries(additions)) {
      expect([what, comesOut(add(structuredClone(decision.statement)) as unknown as Loose, before)]).toEqual([
        what,
        false,
      ]);
    }
  });

  test('another time, another policy or another stage gives another answer', async () => {
    const decision = decisions[1]!;
    const before = await then(decision);
    const { statement } = decision;
    const holdfast = statement.predicate.holdfast_decision;
    const over = (change: object): boolean => {
      return comesOut(
        { ...statement, predicate: { ...statement.predicate, holdfast_decision: { ...holdfast, ...change } } },
        before,
      );
    };
    expect(over({})).toBe(true);
    expect(
      over({
        policies: [{ name: 'policy/production.cedar', text: '@id("ask") permit (principal, action, resource);' }],
      }),
    ).toBe(false);
    expect(over({ policies: [] })).toBe(false);
    expect(over({ policies: [{ name: 'x', text: 'permit (' }] })).toBe(false);
    expect(over({ stages: holdfast.stages.map((stage) => ({ ...stage, owner: 'somebody' })) })).toBe(false);
    expect(over({ stages: [...holdfast.stages, { name: 'review', owner: null, behind: true }] })).toBe(false);
    expect(over({ changed: ['`x` is not what `y` read'] })).toBe(false);
    expect(over({ action: 'promote' })).toBe(false);
    expect(over({ action: 'fly' })).toBe(false);
    for (const principal of ['', 'null', '[]', '{}', '{"id":1}', '{"id":"a","name":"b","roles":"builder"}'])
      expect(over({ principal })).toBe(false);
    const later = structuredClone(decision.statement);
    const inTwoMonths = {
      ...later,
      predicate: { ...later.predicate, timeVerified: new Date(Date.now() + 60 * 24 * 3_600_000).toISOString() },
    };
    expect(comesOut(inTwoMonths as unknown as Loose, before)).toBe(false);
  });

  test('random damage is refused with an error of the house', async () => {
    const decision = decisions[1]!;
    const before = await then(decision);
    const paths = leavesOf(decision.statement);
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.jsonValue({ maxDepth: 2 }), (path, value) => {
        const statement = structuredClone(decision.statement) as unknown as Loose;
        put(statement, path, value);
        if (readable(statement)) comesOut(statement, before);
      }),
      { numRuns: 300 },
    );
  });

  test('HF_DECISION_REPLAY: signed by another than who asked, or before its ledger existed', async () => {
    const decision = decisions[1]!;
    const replayed = await project.record(decision.statement, 'checker');
    const holdfast = decision.statement.predicate.holdfast_decision;
    const future = {
      ...decision.statement,
      predicate: {
        ...decision.statement.predicate,
        holdfast_decision: { ...holdfast, ledger: { ...holdfast.ledger, size: 10_000 } },
      },
    };
    const early = await project.record(future, 'builder');
    const after = await openView(await project.open());
    const problems = await replayDecisions(after.view, after.reader);
    expect(problems.find(({ id }) => id === replayed.id)?.problem).toBe(
      'the decision was signed by another key than the one that asked',
    );
    expect(problems.find(({ id }) => id === early.id)?.problem).toBe(
      'the decision names a ledger that did not exist yet',
    );
    expect(problems.filter(({ problem }) => problem === undefined)).toHaveLength(4);
  });
});

type Loose = Record<string, unknown>;
type Path = readonly (string | number)[];

function leavesOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) =>
    leavesOf(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

function parentOf(root: Loose, path: Path): Loose | undefined {
  let node: unknown = root;
  for (const part of path.slice(0, -1)) node = (node as Loose | undefined)?.[part];
  return node as Loose | undefined;
}

function put(root: Loose, path: Path, value: unknown): void {
  const parent = parentOf(root, path);
  if (parent !== undefined) parent[path.at(-1) ?? ''] = value;
}

/** Changes one leaf into something of the same form. */
function changed(root: Loose, path: Path): boolean {
  const value = parentOf(root, path)?.[path.at(-1) ?? ''];
  const other = (): unknown => {
    if (typeof value === 'boolean') return !value;
    if (typeof value === 'number') return value + 1;
    if (value === null) return 'somebody';
    if (typeof value !== 'string') return 'x';
    if (/^[0-9a-f]{64}$/.test(value)) return sha256Of(value);
    if (/^\d{4}-\d\d-\d\dT/.test(value)) return new Date(Date.parse(value) + 1000).toISOString();
    return value.startsWith('{') ? value.replace('"builder"', '"other"') : `${value} `;
  };
  put(root, path, other());
  return true;
}

function removed(root: Loose, path: Path): boolean {
  const parent = parentOf(root, path);
  const last = path.at(-1) ?? '';
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else if (parent !== undefined) Reflect.deleteProperty(parent, String(last));
  return true;
}

/** Whether it would get as far as being replayed: the schema of the predicate lets it through. */
function readable(statement: Loose): boolean {
  const { subject } = statement as { subject?: { digest?: object }[] };
  const whole =
    Array.isArray(subject) && subject.every((one) => typeof one === 'object' && typeof one.digest === 'object');
  return whole && predicateSchemas.decision.safeParse(statement['predicate']).success;
}

/** False when it is refused with an error of the house; whatever else is thrown goes through. */
function comesOut(statement: Loose, view: EvidenceView): boolean {
  try {
    replayDecision(statement as unknown as Statement<DecisionPredicate>, view);
    return true;
  } catch (error) {
    if (error instanceof PolicyError || error instanceof EvidenceError || error instanceof LedgerError) return false;
    throw error;
  }
}
