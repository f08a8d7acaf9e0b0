import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import type { Attack } from '../src/attacks/attack.ts';
import { carliniWagner } from '../src/attacks/carlini-wagner.ts';
import { deepFool } from '../src/attacks/deepfool.ts';
import { fastGradient, projectedGradient } from '../src/attacks/gradient-ascent.ts';
import { hopSkipJump } from '../src/attacks/hop-skip-jump.ts';
import { balls, digits, median, outcomeOf, type PeerResult, victimOf } from './attacks-scene.ts';
import { corpus } from './corpus.ts';

const python = join(process.env['HOLDFAST_PEERS'] ?? join(homedir(), '.cache/holdfast-peers'), 'trials/bin/python');

function needsArt(context: { skip(note: string): unknown }): void {
  if (existsSync(python)) return;
  const need = 'needs ART';
  if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error(need);
  context.skip(need);
}

const rows = 20;

/**
 * The same settings on both sides: steps, sizes of steps, radii. Only ART's C&W is another algorithm: no Adam, but a line
 * search, a step of which asks the model about ten times. Of 30 steps each, ART's gets farther, and of 300 questions each
 * ours does; Foolbox takes the very steps that we take.
 */
const attacks: readonly (readonly [name: string, norm: keyof typeof balls, steps: number, ours: Attack])[] = [
  ['art.fgsm', 'linf', 1, fastGradient],
  ['art.fgsm', 'l2', 1, fastGradient],
  ['art.pgd', 'linf', 40, projectedGradient({ steps: 40, stepSize: (2.5 * 0.1) / 40 })],
  ['art.pgd', 'l2', 40, projectedGradient({ steps: 40, stepSize: (2.5 * 0.5) / 40 })],
  ['art.deepfool', 'l2', 50, deepFool({ steps: 50, overshoot: 0.02, candidates: 10 })],
  ['art.carlini', 'l2', 30, carliniWagner({ steps: 300, weights: 9 })],
  ['foolbox.carlini', 'l2', 100, carliniWagner({ steps: 100, weights: 9 })],
  ['art.hop-skip-jump', 'l2', 5, hopSkipJump({ iterations: 5, mostQuestions: 1000 })],
];

/** What ART says about a file of the corpus now, in the order of the attacks. */
async function fromArt(file: string): Promise<PeerResult[]> {
  const wanted = attacks.map(([name, norm, steps]) => [name, norm, balls[norm].epsilon, steps].join(':'));
  const script = [join(corpus, 'live.py'), join(corpus, 'models', file), '--rows', String(rows)];
  const { stdout } = await promisify(execFile)(python, [...script, '--attack', wanted.join(',')]);
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
  return lines.map((line) => JSON.parse(line) as PeerResult);
}

it('ART beside us, on the same file: as many rows are fooled, by changes that are no longer', {
  timeout: 400_000,
}, async (context) => {
  needsArt(context);
  const file = 'digits-mlp.export-18.onnx';
  const theirs = await fromArt(file);
  expect(theirs.map(({ attack }) => attack)).toEqual(attacks.map(([name]) => name));
  const victim = await victimOf(file);
  for (const [place, [name, norm, , attack]] of attacks.entries()) {
    const { robust, clean, norms } = theirs[place]!;
    const ours = await outcomeOf(victim, attack, digits(rows), balls[norm]);
    const about = `${name} ${norm}: ${ours.robust}, ART ${robust} of ${clean}`;
    if (name === 'art.fgsm') expect(ours.robust, about).toBe(robust);
    // random starts: a row or none of these
    else expect(ours.robust, about).toBeLessThanOrEqual(robust + (name === 'art.pgd' ? 1 / rows : 0));
    if (norms === undefined) continue;
    // of 100 steps of Adam the last places are chance: within 1 % of Foolbox
    const most = name === 'foolbox.carlini' ? 1.01 : 1;
    const ratios = norms.flatMap((each, row) => (each === null || each === 0 ? [] : [(ours.norms[row] ?? 9) / each]));
    expect(median(ratios), about).toBeLessThan(most);
  }
  await victim.release();
});
