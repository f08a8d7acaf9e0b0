import { existsSync, statSync } from 'node:fs';
import type { Report } from '@holdfast/evidence';
import type { TestProject } from '@holdfast/testkit';
import { describe, expect, test } from 'vitest';
import { profileSource } from '../../src/sources/profile-source.ts';
import { sha256 } from './fetch-scene.ts';
import { messageOf, reportsIn, sourceProject, watchIn } from './source-project.ts';
import { certificateFor, startServer } from './tls-server.ts';

const [first, second] = ['age,label\n30,1\n', 'age,label\n30,0\n31,1\n'];
const certificate = certificateFor('localhost');
const server = await startServer(certificate);
const authorities = certificate.authority;
const pinned = { uri: server.url('/raw.csv'), sha256: sha256(first) };
const quarantined = `.holdfast/quarantine/bureau/${sha256(second).slice(0, 16)}-raw.csv`;

const serves = (bytes: string, etag?: string): void => {
  server.answers(({ headers }, response) => {
    if (etag !== undefined && headers['if-none-match'] === etag) response.writeHead(304).end();
    else response.writeHead(200, etag === undefined ? {} : { etag }).end(bytes);
  });
};
const project = (source: object = pinned): Promise<TestProject> =>
  sourceProject({ source, files: { 'data/raw.csv': first } });

describe('a source that is watched', () => {
  test('and gives the same bytes leaves no trace', async () => {
    serves(first);
    const watched = await project();
    expect(await watchIn(watched, { authorities })).toEqual({
      ...{ source: 'bureau', artifact: 'raw', status: 'same', sha256: sha256(first), accepted: sha256(first) },
    });
    expect(await reportsIn(watched)).toEqual([]);
  });

  test('and gives others has them in quarantine and their difference signed; nothing is replaced', async () => {
    serves(second);
    const watched = await project();
    const outcome = await watchIn(watched, { authorities });
    expect(outcome).toMatchObject({ status: 'changed', sha256: sha256(second), quarantine: quarantined });
    expect([watched.read('data/raw.csv'), watched.read(quarantined)]).toEqual([first, second]);
    expect(statSync(watched.path(quarantined)).mode & 0o777).toBe(0o600);
    expect(watched.read('.holdfast/quarantine/.gitignore')).toBe('*\n');
    const [report, ...more] = await reportsIn(watched);
    expect(more).toEqual([]);
    // of a pinned source other bytes are the wrong ones
    expect(report?.verdict).toBe('fail');
    expect(messageOf(report, 'changed')).toBe(`the bytes are ${sha256(second)} (20 bytes); they were ${sha256(first)}`);
    const { evidence } = await watched.view();
    expect(evidence.at(-1)?.statement.subject).toEqual([{ name: 'raw', digest: { sha256: sha256(second) } }]);
  });

  test('is not signed twice for one change, and not forgotten either', async () => {
    serves(second);
    const watched = await project();
    await watchIn(watched, { authorities });
    expect(await watchIn(watched, { authorities })).toMatchObject({ status: 'different' });
    expect(await reportsIn(watched)).toHaveLength(1);
    serves(first);
    expect(await watchIn(watched, { authorities })).toMatchObject({ status: 'back', report: { verdict: 'pass' } });
    serves(second);
    expect(await watchIn(watched, { authorities })).toMatchObject({ status: 'changed' });
    expect(await reportsIn(watched)).toHaveLength(3);
  });

  test('is believed "not modified" as a hint, and read on demand: the digest decides', async () => {
    serves(first, '"one"');
    const watched = await project();
    expect(await watchIn(watched, { authorities })).toMatchObject({ status: 'same' });
    expect(await watchIn(watched, { authorities })).toMatchObject({ status: 'unmodified', sha256: sha256(first) });
    serves(second, '"one"');
    expect(await watchIn(watched, { authorities })).toMatchObject({ status: 'unmodified' });
    expect(await watchIn(watched, { authorities, full: true })).toMatchObject({ status: 'changed' });
    expect(server.asked.map(({ headers }) => headers['if-none-match'])).toEqual(['"one"', undefined]);
    // from now on the mark stands for bytes that may not be used
    expect(await watchIn(watched, { authorities })).toMatchObject({ status: 'different' });
    serves(first, '"two"');
    expect(await watchIn(watched, { authorities })).toMatchObject({ status: 'back' });
  });

  test.each(['not JSON', '[1]', '{"bureau":{"uri":1}}', '{"bureau":null}'])(
    'forgets marks that are %s',
    async (marks) => {
      serves(first);
      const watched = await project();
      watched.write('.holdfast/cache/source-marks.json', marks);
      expect(await watchIn(watched, { authorities })).toMatchObject({ status: 'same' });
      expect(server.asked[0]?.headers).not.toHaveProperty('if-none-match');
    },
  );

  test('without a pin is compared with what is here', async () => {
    serves(second);
    const watched = await project({ uri: pinned.uri });
    expect(await watchIn(watched, { authorities })).toMatchObject({
      status: 'changed',
      report: { verdict: 'unknown' },
    });
  });

  test('has its new bytes looked into, and the difference told', async () => {
    serves(second);
    const watched = await project();
    const profile = (rows: number): Report => ({
      ...{ verdict: 'pass', origin: 'measured', findings: [], coverage: { examined: 1, total: 1, left: [] } },
      metrics: { rows, columns: 2 },
    });
    const { checkPredicate, predicateTypes, statementOf } = await import('@holdfast/evidence');
    const time = { startedOn: new Date().toISOString(), finishedOn: new Date().toISOString() };
    const before = checkPredicate({ name: 'data.profile', version: '1' }, {}, profile(1), time);
    const subject = [{ name: 'raw', digest: { sha256: sha256(first) } }];
    await watched.record(statementOf(predicateTypes.check, subject, before), 'checker');
    const paths: string[] = [];
    const look = (path: string): Promise<Report> => {
      paths.push(path);
      return Promise.resolve(profile(2));
    };
    const { report } = await watchIn(watched, { authorities, profile: look });
    expect(paths).toEqual([watched.path(quarantined)]);
    expect(report?.findings.filter(({ rule }) => rule === 'data.source.changed').map(({ message }) => message)).toEqual(
      [expect.stringContaining(sha256(second)) as string, 'rows: 1 → 2'],
    );
  });

  test('is profiled as its artifact is: rows and shares before and now', async () => {
    serves(second);
    const watched = await project();
    const opened = await watched.open();
    const { signal } = new AbortController();
    const path = watched.path('data/raw.csv');
    const before = await profileSource(opened, path, 'raw', signal);
    expect(before.metrics).toMatchObject({ rows: 1, columns: 2 });
    await watchIn(watched, {
      authorities,
      profile: async (bytes, artifact) => profileSource(opened, bytes, artifact, signal),
    });
    const [report] = await reportsIn(watched);
    expect(report?.findings.map(({ rule }) => rule)).toContain('data.source.changed');
    expect(report?.findings.filter(({ rule }) => rule.startsWith('data.profile')).length).toBeGreaterThan(0);
  });

  test('and is confidential leaves evidence before its new bytes are looked into', async () => {
    serves(second);
    const watched = await project({ ...pinned, classification: 'confidential' });
    const kinds: string[][] = [];
    await watchIn(watched, {
      authorities,
      profile: async () => {
        kinds.push((await watched.view()).evidence.map(({ kind }) => kind));
        return {
          verdict: 'pass',
          origin: 'measured',
          metrics: {},
          findings: [],
          coverage: { examined: 1, total: 1, left: [] },
        };
      },
    });
    expect(kinds.map((each) => each.at(-1))).toEqual(['access']);
    const { evidence } = await watched.view();
    const [access] = evidence.filter(({ kind }) => kind === 'access');
    expect(access?.statement.subject).toEqual([{ name: 'raw', digest: { sha256: sha256(second) } }]);
    expect(access?.statement.predicate).toMatchObject({
      ...{ classification: 'confidential', outcome: 'read', purpose: { kind: 'check', name: 'data.profile' } },
    });
  });

  test('of bytes that are no table says so', async () => {
    serves('\0\0\0');
    const watched = await project();
    const opened = await watched.open();
    const { signal } = new AbortController();
    await watchIn(watched, {
      authorities,
      profile: async (bytes, artifact) => profileSource(opened, bytes, artifact, signal),
    });
    const [report] = await reportsIn(watched);
    expect(JSON.stringify(report?.findings)).toContain('could not be looked into');
  });

  test('of which nothing is known cannot have changed', async () => {
    const watched = await sourceProject({ source: { uri: pinned.uri } });
    const { error } = await watchIn(watched, { authorities });
    expect(error).toMatchObject({ code: 'HF_SOURCE_UNPINNED' });
    expect((error as { fix?: string }).fix).toContain('--record');
  });

  test('and cannot be reached says so, and keeps nothing', async () => {
    const watched = await project({ ...pinned, uri: 'https://localhost:1/raw.csv' });
    expect((await watchIn(watched, { authorities })).error).toMatchObject({ code: 'HF_SOURCE_UNREACHABLE', exit: 3 });
    expect(existsSync(watched.path('.holdfast/quarantine/bureau/bytes'))).toBe(false);
  });

  test('of another kind is left', async () => {
    const watched = await project({ uri: 's3://bucket/raw.csv' });
    expect(await watchIn(watched)).toEqual({ source: 'bureau', artifact: 'raw', status: 'left' });
    expect((await watchIn(watched, { sources: ['bureau'] })).error).toMatchObject({ code: 'HF_SOURCE_SCHEME' });
  });
});
