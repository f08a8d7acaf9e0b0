import { readFileSync, writeFileSync } from 'node:fs';
import { generatePrivateKey, keySigner } from '@holdfast/evidence/keys';
import { signModel } from '@holdfast/evidence/model-signing/sign';
import { temporaryFolder } from '@holdfast/testkit';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { projectStatus } from '../../src/status.ts';
import { sha256 } from './fetch-scene.ts';
import { fetchIn, messageOf, reportsIn, sourceProject, sourceYaml } from './source-project.ts';
import { certificateFor, startServer } from './tls-server.ts';

const content = 'age,label\n30,1\n';
const certificate = certificateFor('localhost');
const { authority } = certificate;
const server = await startServer(certificate);
const serves = (bytes: string): void => {
  server.answers((_, response) => response.end(bytes));
};
const uri = server.url('/raw.csv?token=hunter2');
const terms = { license: 'CC-BY-4.0', consent: 'form 3 of 2024', retention: '2y' };
const pinned = { uri, sha256: sha256(content), ...terms };

describe('a source that is fetched', () => {
  test('leaves a signed report: from where, on which terms, until when', async () => {
    serves(content);
    const project = await sourceProject({ source: pinned, checks: [{ 'data.source': { allow: ['CC-BY-4.0'] } }] });
    const outcome = await fetchIn(project, { authorities: authority });
    expect(outcome).toMatchObject({ source: 'bureau', artifact: 'raw', status: 'fetched', bytes: content.length });
    expect(project.read('data/raw.csv')).toBe(content);
    const [report] = await reportsIn(project);
    const { since } = report?.check.options['source'] as { since: string };
    expect(report).toMatchObject({
      ...{ verdict: 'pass', origin: 'measured', metrics: { bytes: content.length, pinned: 1 } },
      check: {
        options: {
          allow: ['CC-BY-4.0'],
          source: {
            name: 'bureau',
            uri: server.url('/raw.csv?…'),
            sha256: sha256(content),
            retentionMs: 63_072_000_000,
          },
        },
      },
    });
    expect(messageOf(report, 'origin')).toMatch(
      new RegExp(`server \`${server.host}\`, TLSv1.3, its certificate sha256:[0-9a-f]{64}$`),
    );
    // two years of 365 days
    const end = new Date(Date.parse(since) + 730 * 86_400_000).toISOString();
    expect(messageOf(report, 'terms')).toBe(`licence: CC-BY-4.0; consent: form 3 of 2024; retention: until ${end}`);
    // the run takes it for its own: nothing is looked at twice
    const { checks } = await project.run();
    expect(checks).toMatchObject([{ check: 'data.source', status: 'current', report: { verdict: 'pass' } }]);
  });

  test('and is here already, is not asked for again', async () => {
    serves(content);
    const project = await sourceProject({ source: pinned, files: { 'data/raw.csv': content } });
    expect(await fetchIn(project)).toMatchObject({ status: 'here' });
    expect(server.asked).toEqual([]);
    expect(await fetchIn(project, { force: true, authorities: authority })).toMatchObject({ status: 'fetched' });
  });

  test('tells no secret of its URI anywhere', async () => {
    serves('other bytes');
    const project = await sourceProject({ source: pinned, checks: ['data.source'], files: { 'data/raw.csv': 'old' } });
    const failed = await fetchIn(project, { authorities: authority });
    expect(failed.error).toMatchObject({ code: 'HF_SOURCE_MISMATCH', where: server.url('/raw.csv?…') });
    serves(content);
    const outcome = await fetchIn(project, { authorities: authority });
    await project.run();
    const ids = (await project.view()).evidence.map(({ id }) => id);
    const evidence = ids.map((id) =>
      readFileSync(project.path(`.holdfast/evidence/${id.slice(0, 2)}/${id}.json`), 'utf8'),
    );
    const payloads = evidence.map((bundle) => {
      const { dsseEnvelope } = JSON.parse(bundle) as { dsseEnvelope: { payload: string } };
      return Buffer.from(dsseEnvelope.payload, 'base64').toString();
    });
    expect(payloads.join('')).toContain('data.source');
    expect(`${payloads.join('')}${JSON.stringify([failed, outcome])}${failed.error?.message}`).not.toContain('hunter2');
  });

  test('that nothing pins comes in only when asked for by name of that, and counts as unknown', async () => {
    serves(content);
    const project = await sourceProject({ source: { uri, license: 'CC0-1.0' }, checks: ['data.source'] });
    const refused = await fetchIn(project, { authorities: authority });
    expect(refused.error).toMatchObject({ code: 'HF_SOURCE_UNPINNED', exit: 2 });
    expect(server.asked).toEqual([]);
    const outcome = await fetchIn(project, { authorities: authority, record: true });
    expect(outcome).toMatchObject({ status: 'fetched', isPinned: false, sha256: sha256(content) });
    expect(outcome.report).toMatchObject({ verdict: 'unknown', metrics: { pinned: 0 } });
    expect(messageOf(outcome.report, 'unpinned')).toContain(sha256(content));
    expect((await project.run()).checks).toMatchObject([{ status: 'current', report: { verdict: 'unknown' } }]);
  });

  test.each([
    ['nobody', { sources: ['buro'] }, 'HF_SOURCE_UNKNOWN'],
    ['what is no authority', { authorities: '/nowhere' }, 'HF_SOURCE_AUTHORITY'],
    ['nobody here', { checker: 'somebody' }, 'HF_NO_SIGNER'],
  ])('on the word of %s is refused before anything is asked', async (_, request, code) => {
    serves(content);
    const project = await sourceProject({ source: pinned });
    await expect(fetchIn(project, request)).rejects.toMatchObject({ code, exit: 2 });
    expect(server.asked).toEqual([]);
  });

  test('of another kind is left, or refused when it is named', async () => {
    const project = await sourceProject({
      source: { uri: 'dvc:md5:c3c6bc2ae8ece4bd2510dca21225c041', sha256: sha256('') },
    });
    expect(await fetchIn(project)).toMatchObject({ status: 'left' });
    expect((await fetchIn(project, { sources: ['bureau'] })).error).toMatchObject({
      code: 'HF_SOURCE_SCHEME',
      exit: 2,
    });
    project.write('holdfast.yaml', sourceYaml({ source: pinned, artifact: { source: undefined } }));
    expect(await fetchIn(project)).toMatchObject({ status: 'left' });
    expect((await fetchIn(project, { sources: ['bureau'] })).error).toMatchObject({
      code: 'HF_SOURCE_TARGET',
      exit: 2,
    });
  });
});

describe('a source with a signer', () => {
  const key = generatePrivateKey();
  const signer = keySigner(key);
  const folder = temporaryFolder();

  /** As `holdfast sign` makes it, beside the bytes. */
  async function signatureOf(bytes: string): Promise<string> {
    writeFileSync(`${folder}/raw.csv`, bytes);
    await signModel(`${folder}/raw.csv`, signer);
    return readFileSync(`${folder}/raw.csv.sig`, 'utf8');
  }

  async function projectOf(name = 'supplier') {
    const project = await sourceProject({
      source: { uri, signer: 'supplier' },
      checks: ['data.source'],
      more: { stages: { use: { command: 'wc -c data/raw.csv > out', inputs: ['raw'], outputs: ['out'] } } },
    });
    const trust = JSON.parse(project.read('policy/trust.json')) as { signers: object[] };
    trust.signers.push({ name, publicKey: signer.publicKey.pem, roles: [] });
    project.write('policy/trust.json', JSON.stringify(trust));
    return project;
  }

  const servesSigned = (bytes: string, signature: string): void => {
    server.answers(({ url = '' }, response) => {
      if (url.startsWith('/raw.csv.sig?')) response.end(signature);
      else response.end(bytes);
    });
  };

  test('comes in with its signature, is used, and not once somebody changed it', async () => {
    servesSigned(content, await signatureOf(content));
    const project = await projectOf();
    expect(await fetchIn(project, { authorities: authority })).toMatchObject({ status: 'fetched', isPinned: true });
    expect(server.asked.map(({ url }) => url)).toEqual(['/raw.csv?token=hunter2', '/raw.csv.sig?token=hunter2']);
    expect(await fetchIn(project)).toMatchObject({ status: 'here' });
    const { stages, checks } = await project.run();
    expect(stages[0]?.status).toBe('ran');
    expect(checks).toMatchObject([{ status: 'current', report: { verdict: 'pass' } }]);
    project.write('data/raw.csv', 'other');
    const after = await project.run({ force: true });
    expect(after.stages[0]?.error).toMatchObject({ code: 'HF_SOURCE_SIGNATURE', exit: 1 });
    expect(after.checks[0]?.report?.verdict).toBe('fail');
    expect(messageOf(after.checks[0]?.report, 'signature')).toBe('`supplier` has not signed these bytes');
  });

  test.each([
    ['the signature of other bytes', 'other', 'HF_SOURCE_SIGNATURE'],
    ['what is no signature', undefined, 'HF_SOURCE_SIGNATURE'],
  ])('does not come in with %s', async (_, signed, code) => {
    servesSigned(content, signed === undefined ? '{}' : await signatureOf(signed));
    const project = await projectOf();
    const { error } = await fetchIn(project, { authorities: authority });
    expect(error).toMatchObject({ code, exit: 1 });
    expect(() => project.read('data/raw.csv')).toThrow('ENOENT');
    expect(() => project.read('data/raw.csv.sig')).toThrow('ENOENT');
  });

  test('does not come in where the signature is not there', async () => {
    server.answers(({ url = '' }, response) => response.writeHead(url.includes('.sig') ? 404 : 200).end(content));
    const { error } = await fetchIn(await projectOf(), { authorities: authority });
    expect(error).toMatchObject({ code: 'HF_SOURCE_ANSWER' });
  });

  test('is asked nothing where nobody trusts the signer', async () => {
    server.answers((_, response) => response.end(content));
    const project = await projectOf('somebody-else');
    project.write('data/raw.csv', content);
    expect((await fetchIn(project, { authorities: authority })).error).toMatchObject({
      code: 'HF_SOURCE_SIGNER',
      exit: 2,
    });
    expect(server.asked).toEqual([]);
    const { checks, stages } = await project.run();
    expect(checks[0]?.report).toMatchObject({ verdict: 'unknown', coverage: { examined: 0 } });
    expect(stages[0]?.error).toMatchObject({ code: 'HF_SOURCE_SIGNER' });
  });

  test('is nobody once the key was revoked', async () => {
    servesSigned(content, await signatureOf(content));
    const project = await projectOf('first-of-two');
    const { publicKey } = signer;
    const { grantRoles, revokeRoles } = await import('../../src/keys.ts');
    project.edit('holdfast.yaml', '"signer":"supplier"', '"signer":"first-of-two"');
    await grantRoles(await project.open(), 'first-of-two', publicKey, ['auditor']);
    expect(await fetchIn(project, { authorities: authority })).toMatchObject({ status: 'fetched' });
    await revokeRoles(await project.open(), 'first-of-two', publicKey, ['auditor'], 'stolen');
    expect((await fetchIn(project, { authorities: authority, force: true })).error).toMatchObject({
      code: 'HF_SOURCE_SIGNER',
    });
  });
});

describe('the check of an artifact, without a network,', () => {
  const local = { 'data/raw.csv': content };
  const judged = async (source: object, options: object = {}, files: Record<string, string> = local) => {
    const project = await sourceProject({ source, checks: [{ 'data.source': options }], files });
    return { project, report: (await project.run()).checks[0]?.report };
  };

  test('passes the bytes that are pinned, once', async () => {
    const { project, report } = await judged(pinned);
    expect(report).toMatchObject({ verdict: 'pass', coverage: { examined: 1, total: 1, left: [] } });
    expect((await project.run()).checks[0]?.status).toBe('current');
  });

  test('fails others, whatever else it finds', async () => {
    const { report } = await judged(pinned, {}, { 'data/raw.csv': 'other' });
    expect(report?.verdict).toBe('fail');
    expect(messageOf(report, 'digest')).toBe(
      `the bytes are ${sha256('other')}, and \`bureau\` pins ${sha256(content)}`,
    );
  });

  test.each([
    [['CC-BY-4.0', 'MIT'], { license: 'CC-BY-4.0 OR GPL-3.0-only' }, 'pass'],
    [['MIT'], { license: 'CC-BY-4.0' }, 'fail'],
    [[], { license: 'CC-BY-4.0' }, 'fail'],
    [['MIT'], { license: undefined }, 'fail'],
    [undefined, { license: undefined }, 'pass'],
    ['MIT', {}, 'unknown'],
  ])('with the licences %j and %j: %s', async (allow, more, verdict) => {
    const { report } = await judged({ ...pinned, ...more }, allow === undefined ? {} : { allow });
    expect(report?.verdict).toBe(verdict);
    expect(messageOf(report, 'licence') !== undefined).toBe(verdict === 'fail');
  });

  test('cannot say anything of an artifact without a source', async () => {
    const project = await sourceProject({ source: pinned, files: local });
    project.write(
      'holdfast.yaml',
      sourceYaml({ source: pinned, checks: ['data.source'], artifact: { source: undefined } }),
    );
    const { checks } = await project.run();
    expect(checks[0]?.report).toMatchObject({ verdict: 'unknown', coverage: { examined: 0, total: 1 } });
  });

  test('fails what had to be deleted, and `status` says so', async () => {
    const { project } = await judged({ ...pinned, retention: '1h' });
    expect((await projectStatus(await project.open())).artifacts[0]).not.toHaveProperty('retentionOver');
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61 * 60_000 });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const { checks } = await project.run();
    expect(checks).toMatchObject([{ status: 'ran', report: { verdict: 'fail' } }]);
    expect(messageOf(checks[0]?.report, 'retention')).toMatch(/^it had to be deleted by 20/);
    const [artifact] = (await projectStatus(await project.open())).artifacts;
    expect(artifact).toMatchObject({ artifact: 'raw', checks: [{ check: 'data.source', verdict: 'fail' }] });
    expect(Date.parse(artifact?.retentionOver ?? '')).toBeLessThan(Date.now());
    expect((await project.run()).checks[0]?.status).toBe('current');
  });
});
