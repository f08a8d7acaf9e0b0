import { binomialInterval, randomOf } from '@holdfast/statistics';
import { logHypergeometricTail } from '@holdfast/statistics/hypergeometric';
import type { Detector, SuspectRow, Suspicion } from '../detector.ts';
import { notLooked } from '../not-looked.ts';
import type { PoisonScene } from '../scene.ts';
import { fewestRows, groupsOf } from './clusters.ts';
import { contradictedIn, type Witness, witnessOf } from './contradicted.ts';
import { oddEmbedding } from './odd-embedding.ts';
import { type Components, principalComponents, spectralScores } from './principal-components.ts';

const name = 'embedded';
/** Directions in which rows of a class are grouped, as Chen et al. reduce activations. */
const directions = 10;
/** Classes with fewer rows are not looked at. */
const fewestOfClass = 40;
/** A group is smaller than the rest of its class, and not so small that it could be a few odd rows. */
const leastOfClass = 0.05;
const mostOfClass = 0.6;
/** Rows of the rest that it is compared with. */
const mostOfRest = 200;
/**
 * A group is poisoned where so many of its rows are contradicted by rows that are like them in another class. Ways to write a digit that few
 * people have are contradicted by up to two thirds.
 */
const mostly = 0.8;

/**
 * Rows that a model keeps apart from the others of their label, and that are like rows of another label: what a trigger does to whoever
 * trains on it. Groups alone are no sign, every class has some; nor is a label that is contradicted, tables hold such rows by nature. That
 * a group of the one consists of the other is Fisher's exact test, Bonferroni over all groups of all classes.
 */
export const embeddedDetector: Detector = {
  name,
  async find(scene) {
    if (scene.embeddings === undefined) return undefined;
    const odd = oddEmbedding(scene.embeddings);
    if (odd !== undefined) return notLooked(name, odd);
    const witness = witnessOf(scene);
    const candidates: Candidate[] = [];
    const left: string[] = [];
    for (const label of scene.classes.keys()) {
      scene.signal.throwIfAborted();
      await new Promise(setImmediate);
      const rows = rowsOf(scene, label);
      if (rows.length >= fewestOfClass) candidates.push(...candidatesOf(scene, label, rows, witness));
      else if (rows.length > 0) left.push(`embedded: ${rows.length} rows of a class are too few (${fewestOfClass})`);
    }
    return suspicionOf(scene, candidates, [...new Set(left)]);
  },
};

const rowsOf = ({ labels }: PoisonScene, label: number): Uint32Array =>
  Uint32Array.from(labels.keys()).filter((row) => labels[row] === label);

/** A group of one class, and how unlikely it is that so many of it are contradicted: 0 where they are not most of it. */
interface Candidate {
  readonly rows: readonly number[];
  readonly logP: number;
  readonly scores: ReadonlyMap<number, number>;
}

function candidatesOf(scene: PoisonScene, label: number, rows: Uint32Array, witness: Witness): Candidate[] {
  const components = componentsOf(scene, rows);
  const random = randomOf(scene.seed).fork(`embedded ${label}`);
  const scores = rankedScores(rows, spectralScores(components));
  const least = Math.max(fewestRows, leastOfClass * rows.length);
  const groups = groupsOf(components, random).filter(
    ({ length }) => length >= least && length <= mostOfClass * rows.length,
  );
  return groups.map((places) => {
    const group = Array.from(places, (at) => rows[at] ?? 0);
    const isOwn = new Set(group);
    const all = [...rows].filter((row) => !isOwn.has(row));
    const rest = all.filter((_, at) => at % Math.ceil(all.length / mostOfRest) === 0);
    const found = contradictedIn(scene, witness, { group, rest, least: mostly * group.length });
    if (found === undefined) return { rows: group, logP: 0, scores };
    const logP = logHypergeometricTail(found.group, group.length + rest.length, group.length, found.group + found.rest);
    return { rows: group, logP, scores };
  });
}

function componentsOf({ embeddings }: PoisonScene, rows: Uint32Array): Components {
  const { values, width } = embeddings ?? { values: new Float32Array(), width: 1 };
  const vectors = new Float64Array(rows.length * width);
  for (const [at, row] of rows.entries()) vectors.set(values.subarray(row * width, (row + 1) * width), at * width);
  return principalComponents(vectors, width, directions);
}

/** The rank of a row's spectral signature in its class, from 0 to 1. */
function rankedScores(rows: Uint32Array, scores: Float64Array): ReadonlyMap<number, number> {
  const order = [...scores.keys()].sort((one, other) => (scores[one] ?? 0) - (scores[other] ?? 0));
  return new Map(order.map((at, rank) => [rows[at] ?? 0, (rank + 1) / rows.length]));
}

function suspicionOf(
  { alpha, labels }: PoisonScene,
  candidates: readonly Candidate[],
  left: readonly string[],
): Suspicion {
  const bound = Math.log(alpha / Math.max(1, candidates.length));
  const accused = candidates.filter(({ logP }) => logP < bound).toSorted((one, other) => one.logP - other.logP);
  const found = new Map<number, SuspectRow>();
  for (const { rows, scores } of accused) {
    // Of groups within each other the most surprising one says which rows.
    if (rows.some((row) => found.has(row))) continue;
    for (const row of rows) found.set(row, { row, score: scores.get(row) ?? 1, reason: 'cluster' });
  }
  const labelled = labels.reduce((sum, label) => sum + Number(label >= 0), 0);
  const interval = binomialInterval(found.size, Math.max(1, labelled), 0.95, 'clopper-pearson');
  return {
    ...{ detector: name, rows: [...found.values()].toSorted((a, b) => a.row - b.row), triggers: [], left },
    share: {
      estimate: found.size / Math.max(1, labelled),
      low: found.size === 0 ? 0 : interval.low,
      high: interval.high,
    },
    metrics: {
      groups: candidates.length,
      least_log_p: Math.max(-1e6, Math.min(0, ...candidates.map(({ logP }) => logP))),
    },
  };
}
