import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { ArtifactReader, Report } from '@holdfast/evidence/check';
import { digestArtifact } from '@holdfast/evidence/digest/index';
import { checkPredicate } from '@holdfast/evidence/predicates/check';
import { afterAll, describe, expect, it } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { allowNothing } from '../src/allow-list.ts';
import { judgeFor } from '../src/callables/judge-for.ts';
import { scanCheck } from '../src/check.ts';

const root = mkdtempSync(join(tmpdir(), 'holdfast-scan-check-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});

type Files = Readonly<Record<string, Uint8Array | string>>;
let count = 0;

function folderOf(files: Files): string {
  const folder = join(root, String(++count));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** As the pipeline hands it to a check. */
async function readerOf(path: string): Promise<ArtifactReader> {
  const digest = await digestArtifact(path);
  const single = { name: basename(path), size: digest.size, sha256: digest.digests.sha256 };
  const files = digest.kind === 'folder' ? digest.files : [single];
  const read = (): Promise<never> => Promise.reject(new Error('the scan reads through its own descriptor'));
  return { name: 'model', kind: 'model', path, digest: { ...digest.digests }, files, read };
}

async function run(artifact: ArtifactReader, options: unknown = {}, signal = new AbortController().signal) {
  const told: number[] = [];
  const check = await scanCheck.load();
  const report = await check.run(artifact, options, { signal, inputs: {}, progress: (done) => told.push(done) });
  return { ...report, told };
}

/** https://github.com/huggingface/safetensors: eight bytes of length, a JSON header, the tensors. */
function safetensors(header: object, data = 0): Buffer {
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, Buffer.alloc(data)]);
}

const clean = safetensors({ w: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } }, 8);
/** Of no format. */
const strange = Buffer.from('00ff00ff13371337', 'hex');
/** Eight bytes that belong to no tensor. */
const forged = safetensors({ w: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } }, 16);
const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

const timing = { startedOn: '2026-11-28T00:00:00.000Z', finishedOn: '2026-11-28T00:00:01.000Z' };
const verdictInEvidence = (report: Report): string => checkPredicate(scanCheck, {}, report, timing).verdict;

describe('the check `scan`', () => {
  it('passes a folder whose files are all understood, and says how much it saw', async () => {
    const artifact = await readerOf(folderOf({ 'a.safetensors': clean, 'more/b.safetensors': clean }));
    const { told, ...report } = await run(artifact);
    expect(report).toEqual({
      verdict: 'pass',
      origin: 'measured',
      metrics: { files: 2, bytes: 2 * clean.length, parts: 0, allowed: 0 },
      findings: [],
      coverage: { examined: 2, total: 2, left: [] },
    });
    expect(verdictInEvidence(report)).toBe('pass');
    expect(told.at(-1)).toBe(1);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
  });

  it('passes a single file', async () => {
    const path = join(folderOf({ 'a.safetensors': clean }), 'a.safetensors');
    expect(await run(await readerOf(path))).toMatchObject({ verdict: 'pass', metrics: { files: 1 } });
  });

  it('is as bad as its worst file, and names the file with what was found', async () => {
    const artifact = await readerOf(folderOf({ 'a.safetensors': clean, 'x/b.safetensors': forged, 'c.bin': strange }));
    const report = await run(artifact);
    expect(report).toMatchObject({
      verdict: 'fail',
      findings: [
        {
          rule: 'scan.safetensors.layout',
          severity: 'high',
          message: '8 bytes follow the last tensor',
          where: 'x/b.safetensors',
        },
      ],
      coverage: { examined: 2, total: 3, left: [expect.stringMatching(/^c\.bin: /)] },
    });
    expect(verdictInEvidence(report)).toBe('fail');
    expect(scanCheck.rules.map(({ id }) => id)).toContain('scan.safetensors.layout');
  });

  it.each<[string, Files]>([
    ['a file that is of no known format', { 'a.safetensors': clean, 'b.bin': strange }],
    ['a file that ends too early', { 'a.safetensors': clean.subarray(0, clean.length - 20) }],
    ['an empty file', { 'a.safetensors': '' }],
  ])('is unknown for %s', async (_, files) => {
    const report = await run(await readerOf(folderOf(files)));
    expect(report.verdict).toBe('unknown');
    expect(report.coverage.left).not.toEqual([]);
    expect(verdictInEvidence(report)).toBe('unknown');
  });

  it('judges a folder as a whole: Python that its configuration has run', async () => {
    const config = JSON.stringify({ auto_map: { AutoModel: 'modeling.Model' } });
    const files = { 'config.json': config, 'modeling.py': 'class Model: pass\n', 'model.safetensors': clean };
    const report = await run(await readerOf(folderOf(files)));
    expect(report.verdict).toBe('fail');
    expect(report.findings.map(({ rule }) => rule)).toContain('scan.folder.code');
    expect(scanCheck.rules.map(({ id }) => id)).toContain('scan.folder.code');
  });

  it('is unknown for no file at all', async () => {
    const artifact = await readerOf(folderOf({ 'a.safetensors': clean }));
    const report = await run({ ...artifact, files: [] });
    expect(report.coverage).toEqual({ examined: 0, total: 0, left: ['there is no file'] });
    expect(verdictInEvidence(report)).toBe('unknown');
  });
});

describe('the version of the check', () => {
  it('names the scanner and the whole digest of its allowlist', () => {
    expect(scanCheck.version).toBe(`${manifest.version}+allowlist.${judgeFor(allowNothing).digest}`);
    expect(scanCheck.version).toMatch(/\+allowlist\.[0-9a-f]{64}$/);
  });
});

describe('what was scanned is what was digested', () => {
  const wasDigested = /^a\.safetensors: it is not the file that was digested/;

  it.each<[string, (path: string) => void, RegExp]>([
    [
      'other bytes of the same length',
      (path) => {
        writeFileSync(path, clean.toReversed());
      },
      wasDigested,
    ],
    [
      'another file that would pass',
      (path) => {
        writeFileSync(path, safetensors({}));
      },
      wasDigested,
    ],
    [
      'a forged file',
      (path) => {
        writeFileSync(path, forged);
      },
      wasDigested,
    ],
    [
      'a link to another file',
      (path) => {
        rmSync(path);
        symlinkSync(join(folderOf({ 'b.safetensors': safetensors({}) }), 'b.safetensors'), path);
      },
      wasDigested,
    ],
    [
      'nothing',
      (path) => {
        rmSync(path);
      },
      /^a\.safetensors: it cannot be read: ENOENT/,
    ],
    [
      'a folder',
      (path) => {
        rmSync(path);
        mkdirSync(path);
      },
      /^a\.safetensors: not a regular file$/,
    ],
  ])('so %s in its place is unknown, whatever it holds', async (_, change, reason) => {
    const folder = folderOf({ 'a.safetensors': clean });
    const artifact = await readerOf(folder);
    change(join(folder, 'a.safetensors'));
    const report = await run(artifact);
    expect(report).toMatchObject({ verdict: 'unknown', findings: [] });
    expect(report.coverage.left).toEqual([expect.stringMatching(reason)]);
    expect(report.coverage.examined).toBe(0);
  });
});

describe('what the user allows', () => {
  it('is counted, so that a policy can ask for none', async () => {
    const artifact = await readerOf(folderOf({ 'a.bin': strange, 'b.safetensors': clean }));
    expect((await run(artifact)).verdict).toBe('unknown');
    const allow = [{ sha256: sha256(strange), reason: 'ours' }, { callable: 'credit.models.Scorecard' }];
    expect(await run(artifact, { allow })).toMatchObject({ verdict: 'pass', metrics: { allowed: 2 }, findings: [] });
  });

  it.each([
    'os.system',
    [{}],
    [null],
    ['os.system'],
    [{ callable: '' }],
    [{ callable: 'a.B', sha256: sha256('') }],
    [{ sha256: 'ABC' }],
    [{ sha256: 12 }],
    [{ callable: 'a.B', reason: 1 }],
    [{ callable: 'a.B', because: 'x' }],
  ])('is refused as a whole when it is %j', async (allow) => {
    const artifact = await readerOf(folderOf({ 'a.safetensors': clean }));
    await expect(run(artifact, { allow })).rejects.toThrow(/`allow/);
  });
});

describe('a report of the scan', () => {
  it('is bounded, and holds what canonical JSON can say, whatever names the files bring', async () => {
    const name = `\u{1F41A}`.repeat(2000);
    const many = Object.fromEntries(
      Array.from({ length: 2100 }, (_, at) => [`${at}.bin`, Buffer.concat([strange, Buffer.from(`${at}`)])]),
    );
    const layout = safetensors({ [name]: { dtype: 'F32', shape: [2], data_offsets: [1, 9] } }, 9);
    const report = await run(await readerOf(folderOf({ ...many, 'z.safetensors': layout })));
    expect(report.coverage.left).toHaveLength(2001);
    expect(report.coverage.left.at(-1)).toBe('100 more of these');
    const [finding] = report.findings;
    expect(finding?.where?.length).toBeLessThanOrEqual(2000);
    expect(finding?.where?.isWellFormed()).toBe(true);
    expect(verdictInEvidence(report)).toBe('fail');
  });

  it('is not made by who is interrupted', async () => {
    const artifact = await readerOf(folderOf({ 'a.safetensors': clean }));
    await expect(run(artifact, {}, AbortSignal.abort())).rejects.toThrow(/abort/i);
  });
});

describe('a large artifact', () => {
  it('is scanned by other processes, with the same answers', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 260 }, (_, at): [string, Uint8Array] => [`${at}.safetensors`, at === 250 ? forged : clean]),
    );
    const folder = folderOf(many);
    const artifact = await readerOf(folder);
    writeFileSync(join(folder, '0.safetensors'), safetensors({}));
    const report = await run(artifact);
    expect(report.findings).toMatchObject([{ rule: 'scan.safetensors.layout', where: '250.safetensors' }]);
    expect(report.coverage).toMatchObject({ examined: 259, total: 260 });
    expect(report.coverage.left).toEqual([
      expect.stringMatching(/^0\.safetensors: it is not the file that was digested/),
    ]);
    expect(report.told.at(-1)).toBe(1);
  });
});
