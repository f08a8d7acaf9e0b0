/** How easily people in a table are recognised (El Emam, 2013, chapter 16; the names are ARX's). All are shares in [0, 1]. */
export interface Risk {
  /** Of the row that is recognised most easily. */
  readonly highest: number;
  /** Rows above the threshold. */
  readonly atRisk: number;
  /** Of a row on average: the part of all rows that is recognised when each is guessed. */
  readonly average: number;
}

export interface Risks {
  readonly rows: number;
  readonly classes: number;
  /** Rows that no other row is like. */
  readonly unique: number;
  readonly smallest: number;
  /** Of somebody who knows that the person is in the table: 1 / rows of the class. */
  readonly prosecutor: Risk;
  /** Of somebody who does not know it: 1 / people of the population that are like it. */
  readonly journalist?: Risk;
  /** Of somebody who wants to recognise as many as can be: the mean of 1 / people that are like it. */
  readonly marketer: number;
}

/**
 * @param sizes rows of each class
 * @param threshold rows of classes with a risk above it are at risk
 * @param population people of each class in the population, where it is known: no fewer than its rows
 */
export function risksOf(sizes: ArrayLike<number>, threshold: number, population?: ArrayLike<number>): Risks {
  let [rows, unique, smallest] = [0, 0, Number.POSITIVE_INFINITY];
  for (let id = 0; id < sizes.length; id += 1) {
    const size = sizes[id] ?? 0;
    rows += size;
    if (size === 1) unique += 1;
    smallest = Math.min(smallest, size);
  }
  const classes = sizes.length;
  const prosecutor = riskOf(sizes, sizes, rows, threshold);
  const found = { rows, classes, unique, smallest: classes === 0 ? 0 : smallest, prosecutor };
  if (population === undefined) return { ...found, marketer: prosecutor.average };
  const among = riskOf(sizes, population, rows, threshold);
  let people = 0;
  for (let id = 0; id < population.length; id += 1) people += population[id] ?? 0;
  const average = Math.max(people === 0 ? 0 : classes / people, among.average);
  return { ...found, journalist: { ...among, average }, marketer: among.average };
}

function riskOf(sizes: ArrayLike<number>, people: ArrayLike<number>, rows: number, threshold: number): Risk {
  let [highest, atRisk, sum] = [0, 0, 0];
  for (let id = 0; id < sizes.length; id += 1) {
    const [size, risk] = [sizes[id] ?? 0, 1 / (people[id] ?? 1)];
    highest = Math.max(highest, risk);
    // Room for a threshold such as 1 / 3 that was written as 0.333.
    if (risk > threshold * (1 + 1e-12)) atRisk += size;
    sum += size * risk;
  }
  return rows === 0 ? { highest, atRisk: 0, average: 0 } : { highest, atRisk: atRisk / rows, average: sum / rows };
}

/**
 * The part of the rows that is expected to be unique in the population too, by Zayatz (1991): classes of the population are taken to be
 * as large as those of the sample, each person of the N was drawn with the same chance.
 *
 * @param sizes rows of each class
 * @param population N
 */
export function populationUniques(sizes: ArrayLike<number>, population: number): number {
  const bySize = new Map<number, number>();
  let rows = 0;
  for (let id = 0; id < sizes.length; id += 1) {
    const size = sizes[id] ?? 0;
    rows += size;
    bySize.set(size, (bySize.get(size) ?? 0) + 1);
  }
  const unique = bySize.get(1) ?? 0;
  if (unique === 0) return 0;
  // P(one of j people is drawn) = j n / N Π (N − n − i) / (N − 1 − i), hypergeometric.
  const oneOf = (size: number): number => {
    let chance = (size * rows) / population;
    for (let at = 0; at < size - 1 && chance > 0; at += 1) {
      chance *= Math.max(0, population - rows - at) / Math.max(1, population - 1 - at);
    }
    return chance;
  };
  let all = 0;
  for (const [size, classes] of bySize) all += classes * oneOf(size);
  return all === 0 ? 0 : (unique * ((unique * oneOf(1)) / all)) / rows;
}
