import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import {
  type Approval,
  evidenceErrors,
  openKeyFile,
  predicateTypes,
  recordEvidence,
  signStatement,
  statementOf,
} from '@holdfast/evidence';
import { ledgerErrors } from '@holdfast/ledger';
import { openProject, pipelineErrors, verifyProject, withRecorder } from '@holdfast/pipeline';
import { afterAll, describe, expect, test } from 'vitest';
import { Scene } from './scene.ts';
import { treeOf } from './tree.ts';

const scene = new Scene('nothing', 'one');
afterAll(() => {
  scene.remove();
});

const registry: Readonly<Record<string, { readonly exit: number; readonly fix: string }>> = {
  ...ledgerErrors,
  ...evidenceErrors,
  ...pipelineErrors,
};

interface Refusal {
  readonly code: string;
  readonly fix: string;
}

/** The shapes of `--json` that tell of an error: the command's own, a stage's, an entry's of the ledger. */
interface Told {
  readonly ok: boolean;
  readonly exit: number;
  readonly error?: Refusal;
  readonly result?: { readonly stages?: readonly { readonly error?: Refusal }[] };
}

/** The error of a command, as a program reads it. */
async function refusal(
  line: string,
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Refusal & { exit: number }> {
  const { stdout, status } = await scene.type(`${line} --json`, folder, env);
  const { ok, exit, error, result } = JSON.parse(stdout) as Told;
  expect(ok).toBe(false);
  expect(status).toBe(exit);
  const { code, fix } = error ?? result?.stages?.find((stage) => stage.error !== undefined)?.error ?? {};
  return { code: code ?? '', fix: fix ?? '', exit };
}

/** Types a command that must be refused with this code, with its fix, and without writing anything. */
async function refuses(
  code: string,
  line: string,
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const before = treeOf(folder);
  const found = await refusal(line, folder, env);
  expect(found.code).toBe(code);
  expect(found.fix).not.toBe('');
  expect(found.exit).toBe(registry[code]?.exit);
  expect(treeOf(folder)).toEqual(before);
}

/** What a gate that could not verify said; it must have denied and recorded nothing. */
async function denial(folder: string): Promise<string> {
  const before = treeOf(folder);
  const { stdout, status } = await scene.type('holdfast gate model', folder);
  expect(status).toBe(1);
  expect(stdout).toMatch(/^DENIED\n/);
  expect(stdout).toContain('nothing was recorded');
  expect(treeOf(folder)).toEqual(before);
  return stdout.replaceAll(/\s+/g, ' ');
}

/** The newest file below a folder whose path matches. */
function newest(folder: string, pattern: RegExp): string {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => pattern.test(name));
  const last = files.sort((a, b) => Number(/\d+$/.exec(a)?.[0] ?? 0) - Number(/\d+$/.exec(b)?.[0] ?? 0)).at(-1);
  if (last === undefined) throw new Error(`there is no ${pattern.source} in ${folder}`);
  return join(folder, last);
}

function flip(file: string): void {
  const bytes = readFileSync(file);
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  writeFileSync(file, bytes);
}

/** The bundle of the only approval. */
async function approvalFile(folder: string): Promise<string> {
  const view = await verifyProject(await openProject(folder));
  const { id = '' } = view.evidence.find(({ kind }) => kind === 'approval') ?? {};
  return join(folder, '.holdfast', 'evidence', id.slice(0, 2), `${id}.json`);
}

describe('files of the project', { timeout: 60_000 }, () => {
  test('a missing input', async () => {
    const folder = await scene.project();
    rmSync(join(folder, 'logistic.onnx'));
    await refuses('HF_INPUT_MISSING', 'holdfast run', folder);
  });

  test('a link that leads out of the project', async () => {
    const folder = await scene.project();
    renameSync(join(folder, 'data/applicants.csv'), join(folder, '..', 'applicants.csv'));
    symlinkSync('../../applicants.csv', join(folder, 'data/applicants.csv'));
    await refuses('HF_PATH_OUTSIDE', 'holdfast run', folder);
    await refuses('HF_PATH_OUTSIDE', 'holdfast verify applicants', folder);
  });

  test('metrics that are no numbers: the outputs of before are there again', async () => {
    const folder = await scene.project();
    writeFileSync(join(folder, 'evaluate.sh'), 'echo "{\\"accuracy\\": \\"good\\"}" > build/metrics.json\n');
    const before = treeOf(join(folder, 'build'));
    expect((await refusal('holdfast run', folder)).code).toBe('HF_METRICS_FORMAT');
    expect(treeOf(join(folder, 'build'))).toEqual(before);
  });
});

describe('keys', { timeout: 60_000 }, () => {
  const keyOf = (folder: string): string => join(folder, '.holdfast/keys/builder.pem');

  test('a key that cannot be read', async () => {
    const folder = await scene.project();
    rmSync(keyOf(folder));
    mkdirSync(keyOf(folder), { mode: 0o700 });
    await refuses('HF_KEY_UNREADABLE', 'holdfast sign model', folder);
  });

  test('a key that others can read', async () => {
    const folder = await scene.project();
    chmodSync(keyOf(folder), 0o644);
    await refuses('HF_KEY_EXPOSED', 'holdfast sign model', folder);
  });

  test('a key that is none', async () => {
    const folder = await scene.project();
    writeFileSync(keyOf(folder), 'hello\n');
    await refuses('HF_KEY_FORMAT', 'holdfast sign model', folder);
  });

  test('no passphrase, a wrong one, the right one', async () => {
    const folder = scene.pipeline();
    const secret = { HOLDFAST_PASSPHRASE: 'correct horse' };
    expect((await scene.type('holdfast init --yes --encrypt && holdfast run prepare', folder, secret)).status).toBe(0);
    await refuses('HF_KEY_PASSPHRASE', 'holdfast sign build/train.csv', folder);
    await refuses('HF_KEY_PASSPHRASE', 'holdfast sign build/train.csv', folder, { HOLDFAST_PASSPHRASE: 'battery' });
    const file = join(folder, '..', 'passphrase');
    writeFileSync(file, 'correct horse\n');
    const answer = await scene.type('holdfast sign build/train.csv', folder, { HOLDFAST_PASSPHRASE_FILE: file });
    expect(answer.status).toBe(0);
  });
});

describe('evidence and ledger', { timeout: 60_000 }, () => {
  test('a bundle with two signatures', async () => {
    const folder = await scene.project();
    const file = await approvalFile(folder);
    const bundle = JSON.parse(readFileSync(file, 'utf8')) as { dsseEnvelope: { signatures: unknown[] } };
    bundle.dsseEnvelope.signatures.push(bundle.dsseEnvelope.signatures[0]);
    writeFileSync(file, JSON.stringify(bundle));
    await refuses('HF_ENVELOPE_SIGNATURES', 'holdfast approve model', folder);
    expect(await denial(folder)).toContain('HF_ENVELOPE_SIGNATURES');
  });

  test('a truncated tile', async () => {
    const folder = await scene.project();
    truncateSync(newest(join(folder, '.holdfast/ledger/tile/0'), /\.p\/\d+$/), 100);
    await refuses('HF_LEDGER_TILE_TRUNCATED', 'holdfast status', folder);
    expect(await denial(folder)).toContain('HF_LEDGER_TILE_TRUNCATED');
  });

  test('a checkpoint smaller than the one seen before', async () => {
    const folder = await scene.project();
    cpSync(join(folder, '.holdfast/ledger'), join(folder, '../ledger'), { recursive: true });
    expect((await scene.type('holdfast approve model --reason again && holdfast status', folder)).status).toBe(0);
    rmSync(join(folder, '.holdfast/ledger'), { recursive: true });
    renameSync(join(folder, '../ledger'), join(folder, '.holdfast/ledger'));
    await refuses('HF_LEDGER_ROLLED_BACK', 'holdfast status', folder);
    await refuses('HF_LEDGER_ROLLED_BACK', 'holdfast run', folder);
    expect(await denial(folder)).toContain('were seen here before');
  });

  test('a forked ledger', async () => {
    const [one, other] = [await scene.project(), await scene.project()];
    expect((await scene.type('holdfast approve model --reason one && holdfast status', one)).status).toBe(0);
    expect((await scene.type('holdfast approve model --reason other', other)).status).toBe(0);
    for (const part of ['ledger', 'evidence']) {
      rmSync(join(one, '.holdfast', part), { recursive: true });
      cpSync(join(other, '.holdfast', part), join(one, '.holdfast', part), { recursive: true });
    }
    const found = await refusal('holdfast status', one);
    expect(found.code).toBe('HF_LEDGER_FORKED');
    expect(await denial(one)).toContain('is not the one of which 10 entries were seen here');
  });

  test('evidence from the future: the clock is in the past', async () => {
    const folder = await scene.project();
    const project = await openProject(folder);
    const digest = (await verifyProject(project)).evidence.find(({ kind }) => kind === 'approval')?.statement
      .subject[0];
    const approval: Approval = { approvedOn: '2190-01-01T00:00:00.000Z' };
    const statement = statementOf(predicateTypes.approval, [digest!], approval);
    const signer = await openKeyFile(project.paths.keys, 'approver', project.passphrase);
    const signed = await signStatement(statement, signer);
    await withRecorder(project, (recorder) => recordEvidence([signed], recorder));
    await refuses('HF_CLOCK', 'holdfast run', folder);
    expect(await denial(folder)).toContain('2190-01-01');
  });

  test('what a builder signs after it lost the role counts for nothing', async () => {
    const folder = await scene.project();
    const project = await openProject(folder);
    const run = (await verifyProject(project)).evidence.findLast(({ kind }) => kind === 'run')!;
    expect((await scene.type('holdfast key revoke builder --roles builder', folder)).status).toBe(0);
    const signer = await openKeyFile(project.paths.keys, 'builder', project.passphrase);
    const signed = await signStatement(run.statement, signer);
    const [late] = await withRecorder(project, (recorder) => recordEvidence([signed], recorder));
    const { stdout } = await scene.type('holdfast ledger verify', folder);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      `1 entry counts for nothing: \`builder\` had no fitting role at entry ${late!.index}: it needs builder (HF_SIGNER_ROLE)`,
    );
  });
});

describe('one flipped byte', { timeout: 60_000 }, () => {
  const places = {
    'a piece of evidence': (folder: string) => approvalFile(folder),
    'a tile': (folder: string) => newest(join(folder, '.holdfast/ledger/tile/0'), /\.p\/\d+$/),
    'an entry bundle': (folder: string) => newest(join(folder, '.holdfast/ledger/tile/entries'), /\.p\/\d+$/),
    'the checkpoint': (folder: string) => join(folder, '.holdfast/ledger/checkpoint'),
  };
  const reasons = new Map<string, string>();

  for (const [name, place] of Object.entries(places)) {
    test(`in ${name}`, async () => {
      const folder = await scene.project();
      flip(await place(folder));
      const [reason = ''] = /(evidence-verifies|verification) .*?\(HF_[A-Z_]+\)/.exec(await denial(folder)) ?? [];
      expect(reason).not.toBe('');
      reasons.set(name, reason);
    });
  }

  test('each has a reason of its own', () => {
    expect(new Set(reasons.values()).size).toBe(Object.keys(places).length);
  });
});
