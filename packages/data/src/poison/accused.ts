import { adjustP } from '@holdfast/statistics';
import { regularisedBeta } from '@holdfast/statistics/beta';
import type { Reason, Suspicion } from './detector.ts';
import type { PoisonScene } from './scene.ts';

/** A row that at least one detector suspects. */
export interface Accused {
  /** From 0. */
  readonly row: number;
  /** The largest of what detectors say, from 0 to 1. */
  readonly score: number;
  readonly reasons: readonly Reason[];
  readonly detectors: readonly string[];
}

/** Each suspect row once, in the order of the rows. */
export function accusedRows(suspicions: readonly Suspicion[]): readonly Accused[] {
  const accused = new Map<number, { score: number; reasons: Set<Reason>; detectors: Set<string> }>();
  for (const { detector, rows } of suspicions) {
    for (const { row, score, reason } of rows) {
      const known = accused.get(row) ?? { score: 0, reasons: new Set<Reason>(), detectors: new Set<string>() };
      accused.set(row, { ...known, score: Math.max(known.score, score) });
      known.reasons.add(reason);
      known.detectors.add(detector);
    }
  }
  return [...accused]
    .sort(([one], [other]) => one - other)
    .map(([row, { score, reasons, detectors }]) => ({ row, score, reasons: [...reasons], detectors: [...detectors] }));
}

/** A source that has more suspect rows than its size explains. */
export interface Concentrated {
  readonly source: number;
  readonly rows: number;
  readonly suspects: number;
  /** Of the exact binomial test against the share of all others, adjusted for the number of sources (Holm). */
  readonly p: number;
}

/** Sources whose suspect rows are more than those of all others make likely. */
export function concentratedSources(
  { sources, alpha }: PoisonScene,
  accused: readonly Accused[],
): readonly Concentrated[] {
  if (sources === undefined || accused.length === 0) return [];
  const [rows, suspects] = [new Uint32Array(sources.names.length), new Uint32Array(sources.names.length)];
  for (const source of sources.of) if (source >= 0) rows[source] = (rows[source] ?? 0) + 1;
  for (const { row } of accused) {
    const source = sources.of[row] ?? -1;
    if (source >= 0) suspects[source] = (suspects[source] ?? 0) + 1;
  }
  const sum = (counts: Uint32Array): number => counts.reduce((all, count) => all + count, 0);
  const [all, found] = [sum(rows), sum(suspects)];
  const ps = [...rows].map((own, source) => {
    const [mine, others] = [suspects[source] ?? 0, all - own];
    // The others may have none by chance: half a row more keeps their share above 0.
    const share = (found - mine + 0.5) / (others + 1);
    return mine === 0 || others === 0 ? 1 : regularisedBeta(Math.min(1, share), mine, own - mine + 1);
  });
  const adjusted = adjustP('holm', ps);
  return [...rows]
    .map((own, source) => ({ source, rows: own, suspects: suspects[source] ?? 0, p: adjusted[source] ?? 1 }))
    .filter(({ p }) => p < alpha);
}
