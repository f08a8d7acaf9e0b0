import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import {
  type ArtifactReader,
  type Check,
  type CheckDescription,
  type CheckPredicate,
  digestArtifact,
  type JsonSchema,
  predicateTypes,
  type Report,
} from '@holdfast/evidence';
import { memoryView, reportOn, sha256Of, temporaryFolder } from '@holdfast/testkit';
import { describe, expect, test } from 'vitest';
import type { CheckedArtifact } from '../src/checked-artifact.ts';
import { type CheckStatements, currentReport, runCheck } from '../src/run-check.ts';

const fine: Report = {
  verdict: 'pass',
  origin: 'measured',
  metrics: {},
  findings: [],
  coverage: { examined: 1, total: 1, left: [] },
};

function checkThat(run: Check['run'], version = '1'): CheckDescription {
  return {
    name: 'test.check',
    version,
    title: 'A check',
    artifacts: ['model'],
    options: {},
    rules: [],
    load: () => Promise.resolve({ run }),
  };
}

async function artifactOf(content: string): Promise<CheckedArtifact> {
  const path = `${temporaryFolder()}/model.bin`;
  writeFileSync(path, content);
  return { name: 'model', kind: 'model', path, digest: await digestArtifact(path) };
}

const signal = new AbortController().signal;

async function predicateOf(run: Check['run'], options: Record<string, unknown> = {}): Promise<CheckPredicate> {
  return (await runCheck(checkThat(run), options, await artifactOf('bytes'), { signal })).report.predicate;
}

describe('the report of a check', () => {
  test('is about the bytes that were digested, with its options and its time', async () => {
    const before = Date.now();
    const { report: statement } = await runCheck(
      checkThat(() => Promise.resolve(fine)),
      { epsilon: 0.1 },
      await artifactOf('bytes'),
      { signal },
    );
    expect(statement.subject).toEqual([{ name: 'model', digest: { sha256: sha256Of('bytes') } }]);
    expect(statement.predicate).toMatchObject({
      check: { name: 'test.check', version: '1', options: { epsilon: 0.1 } },
      verdict: 'pass',
    });
    expect(Date.parse(statement.predicate.startedOn)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(statement.predicate.finishedOn)).toBeGreaterThanOrEqual(
      Date.parse(statement.predicate.startedOn),
    );
  });

  test('says what the check says', async () => {
    for (const verdict of ['pass', 'warn', 'fail', 'unknown'] as const) {
      expect((await predicateOf(() => Promise.resolve({ ...fine, verdict }))).verdict).toBe(verdict);
    }
  });

  test('of a check that throws is unknown, and says why', async () => {
    const throwing: Record<string, Check['run']> = {
      'the engine is gone': () => Promise.reject(new Error('the engine is gone')),
      'at once': () => {
        throw new Error('at once');
      },
    };
    for (const [message, run] of Object.entries(throwing)) {
      const predicate = await predicateOf(run);
      expect(predicate).toMatchObject({
        verdict: 'unknown',
        coverage: { examined: 0, total: 1, left: [`the check failed: ${message}`] },
      });
    }
    const long = await predicateOf(() => Promise.reject(new Error('x'.repeat(100_000))));
    expect(long.coverage.left[0]?.length).toBeLessThan(1100);
  });

  test('of a check that is interrupted is not made', async () => {
    const stop = new AbortController();
    const check = checkThat(() => {
      stop.abort(new Error('stopped'));
      return Promise.reject(new Error('the engine is gone'));
    });
    await expect(runCheck(check, {}, await artifactOf('bytes'), { signal: stop.signal })).rejects.toThrow(
      'the engine is gone',
    );
  });

  test('of a check that cannot be loaded is unknown', async () => {
    const gone: CheckDescription = {
      ...checkThat(() => Promise.resolve(fine)),
      load: () => Promise.reject(new Error('not installed')),
    };
    const {
      report: { predicate },
    } = await runCheck(gone, {}, await artifactOf('x'), { signal });
    expect(predicate).toMatchObject({ verdict: 'unknown', coverage: { left: ['the check failed: not installed'] } });
  });

  test('with a metric that is not finite is unknown, and without the metric', async () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const predicate = await predicateOf(() => Promise.resolve({ ...fine, metrics: { good: 1, bad: value } }));
      expect(predicate).toMatchObject({
        verdict: 'unknown',
        metrics: { good: 1 },
        coverage: { left: ['metric bad is not a finite number'] },
      });
      expect(predicate.metrics).not.toHaveProperty('bad');
    }
    expect(
      (await predicateOf(() => Promise.resolve({ ...fine, verdict: 'fail', metrics: { bad: Number.NaN } }))).verdict,
    ).toBe('fail');
  });

  test('that left something out, or did not get to the end, is unknown', async () => {
    expect(
      (await predicateOf(() => Promise.resolve({ ...fine, coverage: { examined: 1, total: 2, left: [] } }))).verdict,
    ).toBe('unknown');
    expect(
      (await predicateOf(() => Promise.resolve({ ...fine, coverage: { examined: 2, total: 2, left: ['the tail'] } })))
        .verdict,
    ).toBe('unknown');
    expect(
      (
        await predicateOf(() =>
          Promise.resolve({ ...fine, verdict: 'warn', coverage: { examined: 0, total: 1, left: [] } }),
        )
      ).verdict,
    ).toBe('unknown');
  });

  test('that is no report is refused, not recorded', async () => {
    const report = { ...fine, verdict: 'excellent' } as unknown as Report;
    await expect(predicateOf(() => Promise.resolve(report))).rejects.toMatchObject({ code: 'HF_REPORT_FORMAT' });
  });
});

describe('what a check states beside its report', () => {
  const rows = { rows: 0, missing: 0, columns: [], left: [], options: {} };
  const profile = { check: { name: 'test.check', version: '1' }, values: 'shown', ...rows };
  const stating = async (predicateType: string, predicate: JsonSchema): Promise<CheckStatements> =>
    runCheck(
      checkThat(() => Promise.resolve({ ...fine, statements: [{ predicateType, predicate }] })),
      {},
      await artifactOf('bytes'),
      { signal },
    );

  test('is about the same bytes', async () => {
    const { report, beside } = await stating(predicateTypes.datasetProfile, profile);
    expect(report.predicate.verdict).toBe('pass');
    expect(beside).toEqual([
      {
        _type: 'https://in-toto.io/Statement/v1',
        subject: [{ name: 'model', digest: { sha256: sha256Of('bytes') } }],
        predicateType: 'https://holdfast.dev/dataset-profile/v1',
        predicate: profile,
      },
    ]);
  });

  test('is nothing that others than checkers have a say in, and nothing malformed', async () => {
    const { datasetProfile, suspectRows, quarantine, columnLineage, ...others } = predicateTypes;
    const theirs = new Set<string>([datasetProfile, suspectRows, quarantine, columnLineage]);
    const foreign = Object.values(predicateTypes).filter((type) => !theirs.has(type));
    for (const type of [...foreign, 'https://example.com/unlisted/v1'])
      await expect(stating(type, profile)).rejects.toThrow(/states what is not for a check to say/);
    const approval = stating(others.approval, { approvedOn: '2026-01-01T00:00:00Z' });
    await expect(approval).rejects.toMatchObject({ code: 'HF_REPORT_FORMAT' });
    for (const broken of [{}, { ...profile, rows: -1 }, { ...profile, more: 1 }])
      await expect(stating(datasetProfile, broken)).rejects.toMatchObject({ code: 'HF_REPORT_FORMAT' });
  });
});

describe('what a check reads', () => {
  const reading = async (
    artifact: CheckedArtifact,
    look: (reader: ArtifactReader) => Promise<unknown>,
  ): Promise<CheckPredicate> =>
    (
      await runCheck(
        checkThat(async (reader) => {
          await look(reader);
          return fine;
        }),
        {},
        artifact,
        { signal },
      )
    ).report.predicate;

  test('is the bytes that were digested', async () => {
    const artifact = await artifactOf('bytes');
    let read = '';
    const predicate = await reading(artifact, async (reader) => {
      read = Buffer.from(await reader.read(basename(artifact.path), 100)).toString();
    });
    expect([read, predicate.verdict]).toEqual(['bytes', 'pass']);
  });

  test('and nothing that was changed since, is larger than it can bear, or is not part of it', async () => {
    const artifact = await artifactOf('bytes');
    const name = basename(artifact.path);
    expect((await reading(artifact, (reader) => reader.read(name, 4))).verdict).toBe('unknown');
    expect((await reading(artifact, (reader) => reader.read('../other', 100))).verdict).toBe('unknown');
    expect((await reading(artifact, (reader) => reader.read('', 100))).verdict).toBe('unknown');
    writeFileSync(artifact.path, 'bytez');
    expect((await reading(artifact, (reader) => reader.read(name, 100))).verdict).toBe('unknown');
    writeFileSync(artifact.path, 'bytes and more');
    expect((await reading(artifact, (reader) => reader.read(name, 100))).verdict).toBe('unknown');
  });
});

describe('a report that is there already', () => {
  test('counts for the same bytes, the same options and the same version only; the newest of them', async () => {
    const { digest } = await artifactOf('bytes');
    const check = checkThat(() => Promise.resolve(fine));
    const of = (content: string, more: object = {}) => ({
      statement: reportOn({ sha256: sha256Of(content) }, { check: 'test.check', ...more }),
      signer: 'checker',
    });
    const found = (...pieces: readonly ReturnType<typeof of>[]) =>
      currentReport(check, { b: 1, a: 2 }, digest, memoryView(pieces))?.index;
    const options = { a: 2, b: 1 };
    expect(found()).toBeUndefined();
    expect(found(of('bytes', { options }))).toBe(0);
    expect(found(of('other', { options }))).toBeUndefined();
    expect(found(of('bytes', { options: { a: 2, b: 2 } }))).toBeUndefined();
    expect(found(of('bytes', { options, check: 'test.other' }))).toBeUndefined();
    expect(found(of('bytes', { options }), of('bytes', { options, verdict: 'fail' }), of('other', { options }))).toBe(
      1,
    );
    expect(
      currentReport(
        checkThat(() => Promise.resolve(fine), '2'),
        options,
        digest,
        memoryView([of('bytes', { options })]),
      ),
    ).toBeUndefined();
  });
});
