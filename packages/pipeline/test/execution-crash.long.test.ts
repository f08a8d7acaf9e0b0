import { expect, test } from 'vitest';
import { crash, type Moment, type Victim } from './execution-crash.ts';
import { needs } from './execution-scene.ts';

const rounds = 60;

/** Mulberry32: the moments of a failure can be had again from its seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function momentOf(next: () => number): Moment {
  const lengths = { start: 300, prepare: 12, command: 200, writing: 150, finish: 12 } as const;
  const phase = (['start', 'prepare', 'command', 'writing', 'finish'] as const)[Math.floor(next() * 5)]!;
  return { phase, ms: next() * lengths[phase] };
}

test.for<Victim>(['parent', 'supervisor', 'both', 'recovery'])(
  `${rounds} times killing the %s at a random moment`,
  { timeout: 600_000 },
  async (victim, context) => {
    needs(context, process.platform === 'linux', '/proc');
    const seed = Date.now() >>> 0;
    const next = random(seed);
    const seen = new Map<string, number>();
    for (let round = 0; round < rounds; round += 2) {
      const moments = [momentOf(next), momentOf(next)] as const;
      const both = await Promise.all(moments.map((moment) => crash(victim, moment, next() * 250)));
      for (const { generation, left, again } of both) {
        seen.set(generation, (seen.get(generation) ?? 0) + 1);
        expect({ left, again }, `seed ${seed}, round ${round}`).toEqual({ left: [], again: 0 });
        expect(['old old old old', 'new new new new'], `seed ${seed}, round ${round}`).toContain(generation);
      }
    }
    console.log(`${victim}: ${JSON.stringify(Object.fromEntries(seen))}`);
  },
);
