import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import { WarmCommand } from '../../packages/cli/test/warm-command.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** The shell commands of a guide, as a newcomer would type them one after the other. */
function commandsOf(guide: string): string {
  const text = readFileSync(join(root, 'docs', 'guides', guide), 'utf8');
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block]) => block).join('\n');
}

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

/**
 * Types a guide's commands inside the clone, where it says to be, and looks for what it promises, in its order. In the
 * long suite every `npx holdfast` starts npm and Node, as a newcomer's does.
 */
export function follow(guide: string, promised: readonly string[]): string {
  mkdirSync(join(root, 'build'), { recursive: true });
  // `npx holdfast` looks for the command in the folders above
  const clone = mkdtempSync(join(root, 'build', 'guide-'));
  try {
    const script = commandsOf(guide).replace(/^npm start$/m, ': the tour has its own test');
    const isWarm = process.env['HOLDFAST_LONG'] !== '1';
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
