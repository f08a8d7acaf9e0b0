import { type Random, randomOf } from '@holdfast/statistics';

function bell(random: Random): number {
  let total = 0;
  for (let index = 0; index < 12; index += 1) total += random.uniform();
  return total - 6;
}

const kinds: Readonly<Record<string, (random: Random) => number>> = {
  uniform: (random) => random.uniform(),
  bell,
  heavy: (random) => {
    const above = random.uniform() - 0.5;
    return above / (random.uniform() + 2 ** -20);
  },
  ten: (random) => random.integer(10),
  two: (random) => random.integer(2),
  quarters: (random) => Math.floor(bell(random) * 4) / 4,
  huge: (random) => bell(random) * 1e150,
  tiny: (random) => bell(random) * 1e-200,
};

const units: Readonly<Record<string, number>> = { huge: 1e150, tiny: 1e-200 };

/** What `draw` of tools/peers/record-statistics.py draws, to the last bit: only operations that IEEE 754 rounds alike everywhere. */
export function sample(kind: string, seed: string, size: number, scale: number, shift: number): Float64Array {
  const random = randomOf(seed);
  const draw = kinds[kind];
  if (draw === undefined) throw new Error(`no kind of sample is called ${kind}`);
  return Float64Array.from({ length: size }, () => draw(random) * scale + shift * (units[kind] ?? 1));
}
