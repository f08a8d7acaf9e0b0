import {
  andersonDarling,
  chiSquare,
  cramerVonMises,
  eppsSingleton,
  kolmogorovSmirnov,
  mannWhitney,
  maximumMeanDiscrepancy,
  type Random,
  randomOf,
} from '@holdfast/statistics';

/** p of two samples that are drawn from the same. */
export type NullRun = (random: Random) => number;

/** Two samples of sizes that are drawn, too, of values that `value` draws. */
function two(
  random: Random,
  least: number,
  most: number,
  value: (random: Random) => number,
): [Float64Array, Float64Array] {
  const draw = () => Float64Array.from({ length: least + random.integer(most - least + 1) }, () => value(random));
  return [draw(), draw()];
}

const normal = (random: Random): number => random.normal();
/** Thirty values, so that most have ties. */
const whole = (random: Random): number => Math.round(random.normal() * 5);

function counts(random: Random): [Float64Array, Float64Array] {
  const rows: [Float64Array, Float64Array] = [new Float64Array(6), new Float64Array(6)];
  for (const row of rows) {
    for (let drawn = 200 + random.integer(200); drawn > 0; drawn -= 1) {
      const category = Math.min(5, Math.floor(random.uniform() * 4 + random.uniform() * 2));
      row[category] = (row[category] ?? 0) + 1;
    }
  }
  return rows;
}

export const nullRuns: Readonly<Record<string, NullRun>> = {
  'kolmogorovSmirnov, exact': (random) => kolmogorovSmirnov(...two(random, 5, 60, normal)).p,
  'kolmogorovSmirnov, ties': (random) => kolmogorovSmirnov(...two(random, 20, 100, whole)).p,
  chiSquare: (random) => chiSquare(...counts(random)).p,
  'cramerVonMises, exact': (random) => cramerVonMises(...two(random, 4, 12, normal)).p,
  'cramerVonMises, asymptotic': (random) => cramerVonMises(...two(random, 40, 120, normal)).p,
  'cramerVonMises, ties': (random) => cramerVonMises(...two(random, 40, 400, whole)).p,
  andersonDarling: (random) => andersonDarling(...two(random, 30, 100, normal)).p,
  'andersonDarling, permutation': (random) =>
    andersonDarling(...two(random, 5, 15, whole), { permutations: 99, seed: random.integer(2 ** 32) }).permutationP ??
    0,
  'mannWhitney, exact': (random) => mannWhitney(...two(random, 3, 8, normal)).p,
  'mannWhitney, asymptotic': (random) => mannWhitney(...two(random, 20, 100, whole)).p,
  eppsSingleton: (random) => eppsSingleton(...two(random, 100, 300, normal)).p,
  'eppsSingleton, ties': (random) => eppsSingleton(...two(random, 100, 300, whole)).p,
  'maximumMeanDiscrepancy, quadratic': (random) =>
    maximumMeanDiscrepancy(...two(random, 5, 20, normal), { permutations: 99, seed: random.integer(2 ** 32) }).p,
};

/** Too long for ten thousand of them. */
export const longNullRuns: Readonly<Record<string, NullRun>> = {
  'maximumMeanDiscrepancy, block': (random) =>
    maximumMeanDiscrepancy(...two(random, 1001, 1100, normal), { permutations: 39, seed: random.integer(2 ** 32) }).p,
};

/**
 * How many of the runs had p ≤ α, and how many may have: of a binomial number with chance α, all but one in 100,000 are no larger
 * (α n + 4.27 standard deviations).
 */
export function falseAlarms(
  name: string,
  run: NullRun,
  runs: number,
): readonly { alpha: number; alarms: number; most: number }[] {
  const random = randomOf(`null runs of ${name}`);
  const ps = Array.from({ length: runs }, () => run(random));
  return [0.01, 0.05, 0.1].map((alpha) => ({
    alpha,
    alarms: ps.filter((p) => p <= alpha).length,
    most: Math.ceil(alpha * runs + 4.27 * Math.sqrt(alpha * (1 - alpha) * runs)),
  }));
}
