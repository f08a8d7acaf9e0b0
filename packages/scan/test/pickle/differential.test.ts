import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { NotUnderstood } from '@holdfast/scan/bytes/source';
import { scanPickle } from '@holdfast/scan/pickle/scan-pickle';
import { expect, test } from 'vitest';
import { randomPickle } from './random-pickle.ts';
import { type Act, bytesOf, needsPython, partOf, recordingJudge, rulesOf, run, seeded } from './scene.ts';

interface Outcome {
  readonly acts: readonly Act[];
  readonly loaded: boolean;
}

interface Ours extends Outcome {
  readonly odd: boolean;
  readonly misframed: boolean;
}

async function ours(bytes: Uint8Array): Promise<Ours> {
  const acts: Act[] = [];
  const part = partOf(bytes);
  const persistent = () => {
    acts.push(['persistent', '']);
    return { kind: 'instance', of: 'persistent' } as const;
  };
  let loaded = true;
  try {
    await scanPickle(part, { judge: recordingJudge(acts), persistent, trailing: 'caller' });
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error;
    loaded = false;
  }
  const rules = rulesOf(part);
  return { acts, loaded, odd: rules.length > 0, misframed: rules.includes('scan.pickle.frame') };
}

/** What both unpicklers of CPython do with each. */
function peers(pickles: readonly Uint8Array[]): Outcome[][] {
  const script = readFileSync(new URL('differential.py', import.meta.url), 'utf8');
  const input = pickles.map((bytes) => Buffer.from(bytes).toString('hex')).join('\n');
  const lines = run(script, input).toString().trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Outcome[]);
}

const rounds = Number(process.env['HOLDFAST_ROUNDS'] ?? 4000);

test('nothing happens in CPython that the machine does not see, and it accepts what both accept', async (context) => {
  needsPython(context);
  const random = seeded(20261128);
  // Opcodes near the end of the bytes are done one by one, others in the lane: something behind STOP makes room for it.
  const pickles = Array.from({ length: rounds }, (_, at) =>
    bytesOf(randomPickle(random), 'N'.repeat(at % 2 === 0 ? 0 : 96)),
  );
  const outcomes = peers(pickles);
  const differences: unknown[] = [];
  const counts = { loaded: 0, acted: 0, odd: 0, misframed: 0 };
  for (const [at, bytes] of pickles.entries()) {
    const mine = await ours(bytes);
    const [written, compiled] = outcomes[at]!;
    // Frames that do not fit are forged: each loader then reads another pickle, and the file fails.
    if (mine.misframed) {
      counts.misframed += 1;
      continue;
    }
    for (const peer of [written!, compiled!]) {
      const seen = isDeepStrictEqual(mine.acts.slice(0, peer.acts.length), peer.acts);
      // What neither refuses is not refused here, and where one differs from the other, the machine says so.
      // An object of an inert class is no buffer, as one of another class may be: READONLY_BUFFER is for others.
      const inert = peer.acts.length > 0 && bytes.includes(0x98);
      const same = mine.odd || inert || (mine.loaded === peer.loaded && isDeepStrictEqual(mine.acts, peer.acts));
      if (seen && (mine.loaded || !peer.loaded) && (same || !mine.loaded)) continue;
      differences.push({ bytes: Buffer.from(bytes).toString('latin1'), mine, written, compiled });
      break;
    }
    counts.loaded += mine.loaded ? 1 : 0;
    counts.acted += mine.acts.length > 0 ? 1 : 0;
    counts.odd += mine.odd ? 1 : 0;
  }
  expect(differences.slice(0, 10)).toEqual([]);
  // The sequences are such that there is something to compare.
  expect(counts.loaded).toBeGreaterThan(rounds / 50);
  expect(counts.acted).toBeGreaterThan(rounds / 10);
  expect(counts.misframed).toBeLessThan(rounds / 10);
  expect(counts.odd).toBeGreaterThan(rounds / 100);
});
