import type { PoisonScene } from '../scene.ts';
import { fewest, type ItemColumn, type RankedColumn } from './item-columns.ts';
import { crossed, crowdedCells, dividedColumns, type PairCell, type PairView, viewsOf } from './pair-cells.ts';

/** What pairs of columns are searched in. */
export interface PairSearch {
  readonly labels: Int32Array;
  readonly classes: number;
  /** Rows of each class. */
  readonly sizes: Uint32Array;
  readonly columns: readonly RankedColumn[];
  readonly divided: readonly (readonly ItemColumn[])[];
  readonly signal: AbortSignal;
}

/** Row visits that a search may take: some ten seconds. */
const mostVisits = 4e9;
/** Candidates that are looked at closely, the most surprising first. */
const mostCells = 50_000;

export function pairSearchOf(scene: PoisonScene, columns: readonly RankedColumn[]): PairSearch {
  const sizes = new Uint32Array(scene.classes.length);
  for (const label of scene.labels) if (label >= 0) sizes[label] = (sizes[label] ?? 0) + 1;
  const divided = dividedColumns(columns);
  return { labels: scene.labels, classes: sizes.length, sizes, columns, divided, signal: scene.signal };
}

export interface CrowdedPairs {
  /** The most surprising first; of each pair and class the best in each view. */
  readonly cells: readonly PairCell[];
  /** Cells of all pairs that could have been crowded: what chance had a try at. */
  readonly tried: number;
  /** Columns that were not searched, because there are too many. */
  readonly left: number;
  /** Crowded cells that are not among `cells`, because there are too many. */
  readonly cut: number;
}

/** @param least surprise of a cell, in nats */
export async function crowdedPairs(search: PairSearch, least: number, isLeftOut: Uint8Array): Promise<CrowdedPairs> {
  const width = searchedColumns(search);
  const cells: PairCell[] = [];
  let tried = 0;
  for (let one = 0; one < width; one += 1) {
    // Others of this process have a turn, and may abort.
    await new Promise(setImmediate);
    search.signal.throwIfAborted();
    for (let other = one + 1; other < width; other += 1) {
      const found = cellsOf(search, [one, other], least, isLeftOut);
      tried += found.tried;
      cells.push(...found.cells);
    }
  }
  cells.sort((left, right) => right.surprise - left.surprise);
  return {
    cells: cells.slice(0, mostCells),
    tried,
    left: search.columns.length - width,
    cut: Math.max(0, cells.length - mostCells),
  };
}

function searchedColumns({ columns, divided, labels }: PairSearch): number {
  const views = divided.some((each) => each.length > 1) ? 16 : 1;
  const most = Math.floor(Math.sqrt((2 * mostVisits) / (views * Math.max(1, labels.length))));
  return Math.min(columns.length, Math.max(2, most));
}

/** The crowded cells of one pair, one for each view and class, and how many cells there are. */
export function cellsOf(
  { divided, labels, classes, sizes }: PairSearch,
  pair: readonly [number, number],
  least: number,
  isLeftOut: Uint8Array,
): { readonly cells: readonly PairCell[]; readonly tried: number } {
  const cells: PairCell[] = [];
  let tried = 0;
  for (const [at, view] of viewsOf(divided[pair[0]] ?? [], divided[pair[1]] ?? []).entries()) {
    const counts = crossed(view, labels, classes, isLeftOut);
    tried += countable(counts.ones) * Math.max(1, countable(counts.others) / classes);
    const best = new Map<number, PairCell>();
    for (const cell of crowdedCells(pair, at, counts, sizes, least)) {
      if ((best.get(cell.label)?.surprise ?? 0) < cell.surprise) best.set(cell.label, cell);
    }
    cells.push(...best.values());
  }
  return { cells, tried };
}

const countable = (margins: Uint32Array): number => margins.reduce((sum, count) => sum + Number(count >= fewest), 0);

export function viewOf({ divided }: PairSearch, { columns: [one, other], view }: PairCell): PairView {
  const found = viewsOf(divided[one] ?? [], divided[other] ?? [])[view];
  if (found === undefined) throw new Error(`there is no view ${view} of the columns ${one} and ${other}`);
  return found;
}
