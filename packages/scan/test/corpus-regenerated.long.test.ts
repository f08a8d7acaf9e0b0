import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Sample, samplesOf } from '../corpus/corpus.ts';

const peers = process.env['HOLDFAST_PEERS'] ?? join(homedir(), '.cache/holdfast-peers');
const make = join(import.meta.dirname, '../corpus/make.py');

function needs(context: { skip(note: string): unknown }, environment: string): void {
  if (environment === '' || existsSync(join(peers, environment, 'bin/python'))) return;
  const need = `needs the environment \`${environment}\` of tools/peers/requirements-${environment}.txt`;
  if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error(need);
  context.skip(need);
}

/** A family made again, beside the committed one: both by path. */
function again(family: string): readonly (readonly [committed: Sample, made: Sample | undefined])[] {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-corpus-'));
  try {
    execFileSync('python3', [make, folder, family], { stdio: ['ignore', 'ignore', 'pipe'] });
    const made = new Map(samplesOf(family, folder).map((sample) => [sample.path, sample]));
    return samplesOf(family).map((committed) => [committed, made.get(committed.path)]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// Written opcode by opcode and byte by byte, or by a framework that always writes the same.
for (const [family, environment] of [
  ['malicious-calls', ''],
  ['malicious-hidden', ''],
  ['malicious-carriers', ''],
  ['benign-numbers', 'scan'],
] as const) {
  test(`${family} is made again byte for byte`, { timeout: 300_000 }, (context) => {
    needs(context, environment);
    const pairs = again(family).filter(([{ varies }]) => varies !== true);
    const seen = pairs.map(([, made]) => `${made?.path} ${made?.sha256}`);
    expect(seen).toEqual(pairs.map(([{ path, sha256 }]) => `${path} ${sha256}`));
  });
}

// What holds results of arithmetic may differ in a last digit from machine to machine: the same files, as long as before.
test('benign-torch is made again with the same files', { timeout: 300_000 }, (context) => {
  needs(context, 'scan-torch');
  for (const [{ path, size }, made] of again('benign-torch')) {
    expect(made?.path).toBe(path);
    expect(Math.abs((made?.size ?? 0) - size), path).toBeLessThan(size / 10);
  }
});
