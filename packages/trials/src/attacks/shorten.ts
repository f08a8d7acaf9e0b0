import type { Victim } from '../victim.ts';
import type { Samples } from './attack.ts';

/** Halvings of the line between a sample and what the model errs on. */
const halvings = 20;

/**
 * On the line from each sample to its changed row, what lies nearest to the sample and is wrong still: the line is halved
 * ten times. Rows that are not wrong at its end stay as they are.
 * @param isWrong whether each row is so; the answer of the file unless given
 */
export async function shortened(
  victim: Victim,
  samples: Samples,
  changed: Float32Array,
  isWrong: (x: Float32Array) => Promise<readonly boolean[]> = async (x) => wrongOf(victim, samples, x),
): Promise<Float32Array> {
  const { size } = victim;
  const rows = samples.labels.length;
  const [right, wrong] = [new Float64Array(rows), new Float64Array(rows).fill(1)];
  const at = (shares: Float64Array): Float32Array =>
    changed.map((value, index) => {
      const share = shares[Math.floor(index / size)] as number;
      const from = samples.x[index] as number;
      // what is not shortened stays the same to the bit
      return share === 1 ? value : from + share * (value - from);
    });
  for (let round = 0; round < halvings; round += 1) {
    const middle = right.map((share, row) => (share + (wrong[row] as number)) / 2);
    const found = await isWrong(at(middle));
    for (const [row, share] of middle.entries()) (found[row] === true ? wrong : right)[row] = share;
  }
  return at(wrong);
}

async function wrongOf(victim: Victim, { labels }: Samples, x: Float32Array): Promise<boolean[]> {
  return Array.from(await victim.classify(x), (found, row) => found !== labels[row]);
}
