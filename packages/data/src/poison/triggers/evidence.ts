import type { Random } from '@holdfast/statistics';
import { logHypergeometricTail } from '@holdfast/statistics/hypergeometric';
import type { PairSearch } from './crowded-pairs.ts';
import { dependenceOf } from './dependence.ts';
import { explainedSurprise } from './explained.ts';
import { type Group, type GroupPart, rowsWith } from './grow.ts';
import { naturalShare } from './natural-share.ts';
import { areCommonElsewhere, inflation } from './nature.ts';

/** A group holds so many times the rows that chance would put there. */
const leastLift = 1.8;
/** Chance below which two items go together in another class. */
const elsewhere = 0.01;
/** How much one column of a pair may tell of the other by nature: of more, such as two codes of one thing, a crowded cell is no sign. */
const mostDependent = 0.25;

interface Asked {
  readonly isLeftOut: Uint8Array;
  readonly random: Random;
  /** Surprise, in nats, below which nothing more has to be looked at. */
  readonly needed: number;
}

/**
 * How surprising a group is, in nats, after what its columns have in common by nature: that of its most surprising pair, deflated, and of
 * every further column that goes together with none of the others by nature, less what trying all columns makes of chance.
 */
export function evidenceOf(search: PairSearch, group: Group, { isLeftOut, random, needed }: Asked): number {
  let best = 0;
  const pairs = group.parts.flatMap((one, at) => group.parts.slice(at + 1).map((other) => [one, other] as const));
  const tests = pairs
    .map((pair) => ({ pair, ...pairTest(search, group.label, pair, isLeftOut) }))
    .filter(({ lift }) => lift >= leastLift)
    .sort((one, other) => other.surprise - one.surprise)
    .slice(0, 6);
  const label = group.label;
  for (const { pair, surprise } of tests) {
    if (dependenceOf(search, label, pair, isLeftOut) > mostDependent) continue;
    if (areCommonElsewhere(search, pair, { label, isLeftOut, alpha: elsewhere })) continue;
    const unexplained = surprise - explainedSurprise(search, label, pair, isLeftOut);
    if (unexplained < needed / 3) continue;
    const deflated = unexplained / inflation(search, pair, isLeftOut, random);
    const more = deflated >= needed ? 0 : furtherEvidence(search, group, pair, { isLeftOut, random, needed });
    best = Math.max(best, deflated + more);
    if (best >= needed) return best;
  }
  return best;
}

function furtherEvidence(
  search: PairSearch,
  { label, parts }: Group,
  pair: readonly [GroupPart, GroupPart],
  asked: Asked,
): number {
  const { isLeftOut } = asked;
  let sum = 0;
  const taken: GroupPart[] = [...pair];
  for (const part of parts) {
    if (taken.includes(part)) continue;
    const rows = rowsWith(search, label, taken, isLeftOut);
    const shared = rows.reduce((count, row) => count + (part.has[row] ?? 0), 0);
    const surprise = surpriseOf(shared, rows.length, naturalShare(search, { label, taken, part, isLeftOut }));
    const explained = taken.reduce(
      (most, other) => Math.max(most, explainedSurprise(search, label, [part, other], isLeftOut)),
      0,
    );
    const unexplained = surprise - explained - Math.log(search.columns.length * part.tried);
    if (unexplained <= 0) continue;
    sum += unexplained;
    taken.push(part);
  }
  return sum;
}

/** A lower bound, by H. Chernoff's of the binomial tail: n times the Kullback–Leibler divergence of what is shared from what is natural. */
function surpriseOf(shared: number, all: number, natural: number): number {
  const share = shared / Math.max(1, all);
  if (share <= natural) return 0;
  const missing = share === 1 ? 0 : (1 - share) * Math.log((1 - share) / (1 - natural));
  return all * (share * Math.log(share / natural) + missing);
}

function pairTest(search: PairSearch, label: number, pair: readonly [GroupPart, GroupPart], isLeftOut: Uint8Array) {
  const size = search.sizes[label] ?? 0;
  const [one, other] = pair.map((part) => rowsWith(search, label, [part], isLeftOut).length);
  const both = rowsWith(search, label, pair, isLeftOut).length;
  return {
    surprise: -logHypergeometricTail(both, size, one ?? 0, other ?? 0),
    lift: (both * size) / Math.max(1, (one ?? 0) * (other ?? 0)),
  };
}
