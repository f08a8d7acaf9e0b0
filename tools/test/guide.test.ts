import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** The shell commands of a guide, as a newcomer would type them one after the other. */
function commandsOf(guide: string): string {
  const text = readFileSync(join(root, 'docs', 'guides', guide), 'utf8');
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block]) => block).join('\n');
}

test('the first guide can be followed word by word', { timeout: 180_000 }, () => {
  mkdirSync(join(root, 'build'), { recursive: true });
  // Inside the clone, where the guide says to be: `npx holdfast` looks for the command in the folders above.
  const clone = mkdtempSync(join(root, 'build', 'guide-'));
  try {
    const script = commandsOf('first-pipeline.md').replace(/^npm start$/m, ': the tour has its own test');
    const done = spawnSync('bash', ['-euo', 'pipefail', '-c', script], { cwd: clone, encoding: 'utf8' });
    expect(done.stderr.split('\n').filter((line) => line.startsWith('holdfast:'))).toEqual([]);
    expect(done.status).toBe(0);
    // Lines break where the terminal ends.
    const said = done.stdout.replaceAll(/\s+/g, ' ');
    // What the guide promises, in its order.
    const promised = [
      '3 stages, 1 data set, 1 model',
      'nothing new to sign',
      'second-person',
      'ALLOWED',
      'is not what `train` wrote',
      'ALLOWED',
      '`prepare.mjs` changed',
      'replays to the same answer',
      'is withdrawn',
    ];
    let from = 0;
    for (const words of promised) {
      const at = said.indexOf(words, from);
      expect(at, `\`${words}\` after ${from} of:\n${said}`).toBeGreaterThanOrEqual(from);
      from = at + words.length;
    }
    expect(said.match(/denied, exit 1/g)).toHaveLength(4);
  } finally {
    rmSync(clone, { recursive: true, force: true });
  }
});
