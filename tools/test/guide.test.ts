import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { WarmCommand } from '../../packages/cli/test/warm-command.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** The shell commands of a guide, as a newcomer would type them one after the other. */
function commandsOf(guide: string): string {
  const text = readFileSync(join(root, 'docs', 'guides', guide), 'utf8');
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block]) => block).join('\n');
}

/** The guide whose every `npx holdfast` starts npm and Node, as a newcomer's does; in the long suite all of them do. */
const inProcesses = 'scanning.md';

/** A PATH on which one process carries out every `npx holdfast`. */
function warmPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-guide-'));
  const command = new WarmCommand(folder);
  onTestFinished(() => {
    command.stop();
    rmSync(folder, { recursive: true });
  });
  writeFileSync(join(command.programs, 'npx'), '#!/bin/sh\nexec "$@"\n', { mode: 0o755 });
  return `${command.programs}:${process.env['PATH'] ?? ''}`;
}

/** Types a guide's commands inside the clone, where it says to be, and looks for what it promises, in its order. */
function follow(guide: string, promised: readonly string[]): string {
  mkdirSync(join(root, 'build'), { recursive: true });
  // `npx holdfast` looks for the command in the folders above
  const clone = mkdtempSync(join(root, 'build', 'guide-'));
  try {
    const script = commandsOf(guide).replace(/^npm start$/m, ': the tour has its own test');
    const isWarm = guide !== inProcesses && process.env['HOLDFAST_LONG'] !== '1';
    const env = isWarm ? { ...process.env, PATH: warmPath() } : process.env;
    const done = spawnSync('bash', ['-euo', 'pipefail', '-c', script], { cwd: clone, encoding: 'utf8', env });
    expect(done.status, done.stdout + done.stderr).toBe(0);
    expect(done.stderr.split('\n').filter((line) => line.startsWith('holdfast:'))).toEqual([]);
    // Lines break where the terminal ends.
    const said = done.stdout.replaceAll(/\s+/g, ' ');
    let from = 0;
    for (const words of promised) {
      const at = said.indexOf(words, from);
      expect(at, `\`${words}\` after ${from} of:\n${said}`).toBeGreaterThanOrEqual(from);
      from = at + words.length;
    }
    return said;
  } finally {
    rmSync(clone, { recursive: true, force: true });
  }
}

test('the first guide can be followed word by word', { timeout: 180_000 }, () => {
  const said = follow('first-pipeline.md', [
    '3 stages, 1 data set, 1 model',
    'nothing new to sign',
    'second-person',
    'ALLOWED',
    'is not what `train` wrote',
    'ALLOWED',
    '`prepare.mjs` changed',
    'replays to the same answer',
    'is withdrawn',
  ]);
  expect(said.match(/denied, exit 1/g)).toHaveLength(4);
});

test('so can the one about a repository of one’s own', { timeout: 180_000 }, (context) => {
  for (const program of ['/usr/bin/bwrap', '/usr/bin/python3']) {
    if (existsSync(program)) continue;
    if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error(`needs ${program}`);
    context.skip(`needs ${program}`);
  }
  follow('your-training-repository.md', [
    'isolation: sandbox',
    'wrote build',
    'run python3-train.py: build',
    'HF_STAGE_FAILED',
    'every way out was tried and is closed',
    'named like steps',
    'train ✓ done',
    'accuracy 1',
    'if it needs `settings.json`',
    'failed, exit 1',
    'train ✓ done',
    'denied, exit 1',
    'ALLOWED',
    'HF_ISOLATION_DEMANDED',
    'refused, exit 2',
  ]);
});

test('and the one about scanning', { timeout: 180_000 }, () => {
  follow('scanning.md', [
    'model.safetensors',
    '1 pass',
    'calls os.system',
    'stopped, exit 1',
    'reached through',
    'os.system("touch marker")',
    'CWE-502 Deserialization of Untrusted Data',
    'stopped, exit 1',
    'unknown, exit 3',
    'one pickle',
    'allowed by its digest',
    '"verdict":"pass"',
    'stopped, exit 1',
  ]);
});

test('and the one about robustness', { timeout: 240_000 }, () => {
  follow('robustness.md', [
    'render ✓ done',
    'train ✓ done',
    'plain ✓ trial.robustness pass',
    'robust accuracy',
    'with 95 % confidence',
    'wrote report: report.json, adversarial.npz, robustness.html, adversarial.png',
    'robustness.html',
    'pgd-at, L∞ ε = 0.15, seed 0',
    'links both models',
    'int8 by min-max',
    'same answers',
    'passed, 0 failed',
    'robust-enough',
    'denied, exit 1',
  ]);
});

test('and the one about data', { timeout: 240_000 }, () => {
  follow('data.md', [
    'orders.csv data.profile: pass',
    'rows 500 · columns 7 · missing share 0.005143 · duplicate rows 0',
    'wrote orders.html',
    'suite.json 30 expectations',
    'met 27 · missed 3 · unanswered 0 · 501 rows',
    'total = -8.4',
    'paid = crad',
    'refused, exit 1',
    'rows 501 · duplicate rows 1 · near duplicate rows 0 · outlier rows 14',
    '1 row repeats an earlier one in all 7 columns',
    'compared 5 · drifted 2 · missing changed 0 · auc 0.7210',
    '`paid` has other values than it had: chi-square 63',
    'drifted, exit 1',
    'march ✓ data.profile pass',
    'march ✓ data.validate pass expectations 30, met 30',
    'gives other bytes than it pins',
    'refused, exit',
    'changed, exit',
    'march ◀',
    'data.validate',
    'city = Turku, paid = cash: 6 rows, fewer than 10',
    'too few, exit 1',
  ]);
});
