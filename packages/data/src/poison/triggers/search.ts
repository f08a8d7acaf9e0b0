import { type Random, randomOf } from '@holdfast/statistics';
import type { PoisonScene } from '../scene.ts';
import { type CrowdedPairs, crowdedPairs, type PairSearch, pairSearchOf } from './crowded-pairs.ts';
import { evidenceOf } from './evidence.ts';
import { foretold } from './foretold.ts';
import { type Group, groupOf, grown, mostParts } from './grow.ts';
import { fewest, type ItemColumn, rankedColumns } from './item-columns.ts';
import type { PairCell } from './pair-cells.ts';
import { coarseColumns, drawnAlike } from './stamped.ts';
import { type Tightened, tightened } from './tighten.ts';

/** Triggers that are named. */
const mostTriggers = 8;
/** Chance below which rows are not what could have been drawn from their class, or from the others. */
const leastAlike = 0.01;
/** Standard errors from which on the rest of rows says that an item is theirs by nature. */
const mostForetold = 2.6;

export interface FoundTrigger extends Tightened {
  /** Adjusted for all that was tried, at most 1: a bound of the chance as far as what nature explains was estimated right. */
  readonly p: number;
  /** Whether its rows look like those of other classes rather than of their own. */
  readonly areLabelsChanged: boolean;
}

export interface TriggerSearch {
  readonly triggers: readonly FoundTrigger[];
  readonly pairs: CrowdedPairs;
}

interface Looking {
  readonly scene: PoisonScene;
  readonly search: PairSearch;
  readonly coarse: readonly ItemColumn[];
  readonly isLeftOut: Uint8Array;
  readonly random: Random;
}

/**
 * Finds combinations of values that one class has more often than its columns explain. Each has to be beyond chance (an exact test of
 * the pair in its class, Bonferroni over all pairs, less what the pair's other cells say about nature, and more for further columns), odd
 * in the other classes, and its rows have to look otherwise like rows that were drawn without regard to them. `alpha` bounds false alarms
 * where columns know nothing of each other within a class; elsewhere as far as nature was estimated right.
 */
export async function findTriggers(scene: PoisonScene, alpha: number): Promise<TriggerSearch> {
  const columns = rankedColumns(scene);
  const search = pairSearchOf(scene, columns);
  const isLeftOut = Uint8Array.from(scene.labels, (label) => Number(label < 0));
  const random = randomOf(scene.seed).fork('triggers');
  const looking = { scene, search, coarse: coarseColumns(columns), isLeftOut, random };
  const pairs = await crowdedPairs(search, leastSurprise, isLeftOut);
  const needed = Math.log(pairs.tried / alpha);
  const triggers: FoundTrigger[] = [];
  const seen: Uint32Array[] = [];
  for (const cell of pairs.cells) {
    if (triggers.length >= mostTriggers || cell.surprise < needed / 2) break;
    const group = groupOf(search, cell, isLeftOut);
    if (group.rows.length < Math.max(fewest, 0.8 * cell.rows) || seen.some((rows) => isNearlySame(rows, group.rows)))
      continue;
    await new Promise(setImmediate);
    scene.signal.throwIfAborted();
    seen.push(group.rows);
    const found = judged(looking, cell, needed, alpha);
    if (found === undefined) continue;
    triggers.push(found);
    for (const row of found.rows) isLeftOut[row] = 1;
  }
  return { triggers, pairs };
}

const leastSurprise = 8;

function judged(looking: Looking, cell: PairCell, needed: number, alpha: number): FoundTrigger | undefined {
  const { scene, search, isLeftOut, random } = looking;
  const group = grown(search, groupOf(search, cell, isLeftOut), isLeftOut, alpha);
  if (group.parts.length > mostParts || group.rows.length < fewest) return undefined;
  const alike = likeness(looking, group);
  if (Math.max(alike.own, alike.others) <= leastAlike) return undefined;
  const fork = random.fork(`nature ${cell.columns.join()} ${cell.view} ${cell.label}`);
  const surprise = evidenceOf(search, group, { isLeftOut, random: fork, needed });
  if (surprise < needed) return undefined;
  const tight = tightened(scene, group, isLeftOut);
  if (tight.rows.length < fewest) return undefined;
  const still = likeness(looking, tight);
  if (Math.max(still.own, still.others) <= leastAlike) return undefined;
  return { ...tight, p: Math.min(1, alpha * Math.exp(needed - surprise)), areLabelsChanged: alike.others > alike.own };
}

/** How well rows fit their own class, and the others, in the columns that are no part of the trigger. */
function likeness({ scene: { labels }, search, coarse, isLeftOut, random }: Looking, { label, rows, parts }: Group) {
  const skipped = new Set(parts.map(({ column }) => column));
  const isOwn = new Set(rows);
  const all = Uint32Array.from(labels.keys()).filter((row) => isLeftOut[row] === 0 && !isOwn.has(row));
  const chance = (reference: Uint32Array, name: string): number => {
    if (foretold(coarse, { rows, parts, reference, skipped }) > mostForetold) return 0;
    return drawnAlike(coarse, { rows, reference, skipped }, random.fork(name));
  };
  const name = `${search.classes} ${label} ${[...skipped].join()} ${rows.length}`;
  return {
    own: chance(
      all.filter((row) => labels[row] === label),
      `${name} own`,
    ),
    others: chance(
      all.filter((row) => labels[row] !== label),
      `${name} others`,
    ),
  };
}

function isNearlySame(one: Uint32Array, other: Uint32Array): boolean {
  const rows = new Set(one);
  const shared = other.reduce((sum, row) => sum + Number(rows.has(row)), 0);
  return shared >= 0.8 * (one.length + other.length - shared);
}
