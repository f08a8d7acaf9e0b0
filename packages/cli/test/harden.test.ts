import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { npzOf } from '@holdfast/dataset';
import { afterAll, describe, expect, test } from 'vitest';
import { arraysOf } from '../../trials/test/corpus.ts';
import { bin, Scene } from './scene.ts';

const scene = new Scene('nothing', 'one');
afterAll(() => {
  scene.remove();
});

const corpus = join(import.meta.dirname, '../../trials/corpus');

function withModel(folder: string, model = 'digits-mlp.trace-11.onnx'): string {
  cpSync(join(corpus, 'models', model), join(folder, 'model.onnx'));
  cpSync(join(corpus, 'data/digits-train.npz'), join(folder, 'train.npz'));
  return folder;
}

/** The first 40 rows. */
function fewDigits(): Uint8Array {
  const { x, y } = arraysOf(join(corpus, 'data/digits-train.npz'));
  const rows = Float32Array.from(x!.data.subarray(0, 40 * 64) as Float32Array);
  const labels = Int32Array.from(y!.data.subarray(0, 40) as BigInt64Array, Number);
  return npzOf({ x: { shape: [40, 1, 8, 8], data: rows }, y: { shape: [40], data: labels } });
}

const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
const short = '--data train.npz --norm linf --epsilon 0.1 --epochs 2 --steps 2 --rate 0.003';

interface Told {
  readonly digest: string;
  readonly evidence: { readonly evidence: readonly { readonly id: string }[]; readonly checker?: string } | null;
  readonly comparison: Record<'before' | 'after', { readonly right: number; readonly withstood: number }> & {
    readonly rows: number;
  };
}

describe('holdfast harden', { timeout: 120_000 }, () => {
  test('in a project: evidence links both models and the samples, and the table is signed', async () => {
    const folder = withModel(await scene.project());
    const answer = await scene.type(`holdfast harden adversarial model.onnx ${short} --output new.onnx --json`, folder);
    expect(answer.stderr).toBe('');
    const { result } = JSON.parse(answer.stdout) as { readonly result: Told };
    expect(result.digest).toBe(`sha256:${sha256(join(folder, 'new.onnx'))}`);
    const [provenance, table] = result.evidence!.evidence;
    interface Shown {
      readonly result: { readonly statement: { readonly subject: unknown; readonly predicate: never } };
    }
    const shown = async (id: string): Promise<Shown['result']['statement']> => {
      const { stdout } = await scene.type(`holdfast evidence show ${id} --json`, folder);
      return (JSON.parse(stdout) as Shown).result.statement;
    };
    const made = [{ name: 'new.onnx', digest: { sha256: sha256(join(folder, 'new.onnx')) } }];
    const run = await shown(provenance!.id);
    expect(run.subject).toEqual(made);
    expect(run.predicate).toMatchObject({
      buildDefinition: {
        externalParameters: { stage: 'harden.adversarial', parameters: { method: 'pgd-at', epochs: 2, seed: '0' } },
        resolvedDependencies: [
          { name: 'model.onnx', digest: { sha256: sha256(join(folder, 'model.onnx')) } },
          { name: 'train.npz', digest: { sha256: sha256(join(folder, 'train.npz')) } },
        ],
      },
    });
    const check = await shown(table!.id);
    expect(check.subject).toEqual(made);
    const { before, after, rows } = result.comparison;
    expect(check.predicate).toMatchObject({
      check: { name: 'harden.adversarial' },
      verdict: 'pass',
      metrics: {
        ...{ robust_accuracy: after.withstood / rows, before_robust_accuracy: before.withstood / rows },
        ...{ clean_accuracy: after.right / rows, before_clean_accuracy: before.right / rows },
      },
    });
    expect((await scene.type('holdfast ledger verify && holdfast verify new.onnx', folder)).status).toBe(0);
    expect(existsSync(join(folder, 'new.onnx.checkpoint'))).toBe(false);
  });

  test('outside of a project there is no evidence, and it says so', async () => {
    const folder = withModel(scene.folder());
    const { stdout, status } = await scene.type(
      `holdfast harden regularise model.onnx --data train.npz --norm linf --epsilon 0.1 --epochs 1 --smoothing 0.1 --output new.onnx`,
      folder,
    );
    expect(status).toBe(0);
    expect(stdout).toContain('evidence        none: this is no project');
    expect(stdout).toContain('double');
    expect(stdout).toMatch(/clean accuracy +\d+\.\d % +\d+\.\d %/);
    for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  });

  test('without a key that may sign nothing is begun', async () => {
    const folder = withModel(await scene.project());
    await scene.type('rm .holdfast/keys/builder*', folder);
    const answer = await scene.type(`holdfast harden adversarial model.onnx ${short} --output new.onnx`, folder);
    expect(answer.stderr).toContain('HF_NO_SIGNER');
    expect(existsSync(join(folder, 'new.onnx'))).toBe(false);
  });

  test('killed in the middle, it goes on to the same bytes', async () => {
    const folder = withModel(scene.folder());
    const line = `harden adversarial model.onnx --data train.npz --norm linf --epsilon 0.1 --epochs 6 --rate 0.003 --average ema`;
    const child = spawn(process.execPath, [bin, ...line.split(' '), '--output', 'killed.onnx'], {
      ...{ cwd: folder, detached: true, stdio: 'ignore', env: scene.environment() },
    });
    const gone = new Promise((resolve) => child.on('exit', resolve));
    while (!existsSync(join(folder, 'killed.onnx.checkpoint'))) await setTimeout(5);
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    await gone;
    expect(existsSync(join(folder, 'killed.onnx'))).toBe(false);
    expect((await scene.type(`holdfast ${line} --output killed.onnx --resume`, folder)).status).toBe(0);
    expect((await scene.type(`holdfast ${line} --output whole.onnx`, folder)).status).toBe(0);
    expect(sha256(join(folder, 'killed.onnx'))).toBe(sha256(join(folder, 'whole.onnx')));
    expect(existsSync(join(folder, 'killed.onnx.checkpoint'))).toBe(false);
  });

  test('on a full disk what was kept stays, and with space it goes on', async (context) => {
    const folder = withModel(scene.folder());
    const small = join(folder, 'small');
    mkdirSync(small);
    const options = ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', small];
    if (process.platform !== 'linux' || process.getuid?.() !== 0 || spawnSync('mount', options).status !== 0) {
      if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error('needs root, to mount a small file system');
      context.skip('needs root');
    }
    try {
      // a checkpoint fits, the next one beside it does not
      const { bavail, bsize } = statfsSync(small);
      const filling = join(small, 'filling');
      writeFileSync(filling, Buffer.alloc(bavail * bsize - 90_000));
      const line = `holdfast harden adversarial model.onnx ${short} --average ema --output small/new.onnx`;
      const full = await scene.type(`${line} --json`, folder);
      expect(full.stdout).toContain('"code":"HF_CLI_DISK_FULL"');
      expect(full.status).toBe(3);
      expect(existsSync(join(small, 'new.onnx'))).toBe(false);
      expect(existsSync(join(small, 'new.onnx.checkpoint'))).toBe(true);
      await scene.type('rm small/filling', folder);
      expect((await scene.type(`${line} --resume`, folder)).status).toBe(0);
    } finally {
      spawnSync('umount', [small]);
    }
  });

  test('prunes and quantises, with and without attacks', async () => {
    const folder = withModel(scene.folder(), 'digits-cnn.trace-17.onnx');
    const pruned = await scene.type(
      'holdfast harden prune model.onnx --share 0.6 --data train.npz --output p.onnx',
      folder,
    );
    expect(pruned.stdout).toMatch(/clean accuracy/);
    expect(pruned.stdout).not.toMatch(/robust accuracy/);
    writeFileSync(join(folder, 'few.npz'), fewDigits());
    const line =
      'holdfast harden quantise model.onnx --data few.npz --rows 30 --norm linf --epsilon 0.05 --output q.onnx --json';
    const { result } = JSON.parse((await scene.type(line, folder)).stdout) as { readonly result: Told };
    expect(result.comparison.rows).toBe(40);
    expect(result.comparison.after.right).toBeGreaterThan(0.8 * result.comparison.before.right);
    expect(result.comparison.after.withstood).toBeLessThanOrEqual(result.comparison.after.right);
    const bare = await scene.type(
      'holdfast harden prune model.onnx --structure channels --share 0.25 --output c.onnx',
      folder,
    );
    expect(bare.stdout).toContain('not measured');
  });

  test.for([
    ['adversarial model.onnx --data train.npz --norm linf --epsilon 0.1', 2, 'HF_CLI_USAGE'],
    ['adversarial model.onnx --data train.npz --norm linf --epsilon 0.1 --output model.onnx', 2, 'HF_CLI_USAGE'],
    ['adversarial model.onnx --data train.npz --output new.onnx', 2, 'HF_TRIALS_OPTIONS'],
    ['adversarial model.onnx --data train.npz --epsilon 0.1 --output new.onnx', 2, 'HF_TRIALS_OPTIONS'],
    ['quantise model.onnx --data train.npz --epsilon 0.1 --output new.onnx', 2, 'HF_TRIALS_OPTIONS'],
    ['adversarial model.onnx --data train.npz --norm linf --epsilon x --output new.onnx', 2, 'HF_TRIALS_OPTIONS'],
    [
      'adversarial model.onnx --data train.npz --norm linf --epsilon 0.1 --output absent/new.onnx',
      3,
      'HF_CLI_NOT_FOUND',
    ],
    [
      'adversarial model.onnx --data train.npz --norm linf --epsilon 0.1 --output new.onnx --resume',
      2,
      'HF_TRIALS_CHECKPOINT',
    ],
    ['prune model.onnx --share 1 --output new.onnx', 2, 'HF_TRIALS_OPTIONS'],
    ['prune model.onnx --norm linf --output new.onnx', 2, 'HF_TRIALS_OPTIONS'],
    ['prune model.onnx --structure channels --sparse --output new.onnx', 2, 'HF_TRIALS_OPTIONS'],
    ['quantise model.onnx --output new.onnx', 2, 'HF_TRIALS_OPTIONS'],
    ['quantise model.onnx --data train.npz --weight-bits 4 --output new.onnx', 2, 'HF_TRIALS_OPTIONS'],
  ] as const)('refuses `%s`', async ([options, status, code]) => {
    const folder = withModel(scene.folder());
    const answer = await scene.type(`holdfast harden ${options}`, folder);
    expect(answer.stderr).toContain(code);
    expect(answer.status).toBe(status);
    expect(existsSync(join(folder, 'new.onnx'))).toBe(false);
  });
});
