import { type BinnedColumn, codes } from '../../drift/binned-features.ts';
import type { PoisonScene, SceneColumn } from '../scene.ts';
import { middleRanks } from '../triggers/item-columns.ts';

/** The columns of a scene as the few codes that boosted trees learn from: 0 is missing. */
export function binnedScene({ columns }: Pick<PoisonScene, 'columns'>): BinnedColumn[] {
  return columns.map((column) => ({ codes: coded(column), isOrdered: column.kind === 'number' }));
}

function coded(column: SceneColumn): Uint8Array {
  if (column.kind === 'number') {
    const parts = codes - 1;
    return Uint8Array.from(middleRanks(column), (rank) =>
      Number.isNaN(rank) ? 0 : 1 + Math.floor(Math.min(rank, 1 - 1e-12) * parts),
    );
  }
  const counts = new Uint32Array(column.levels);
  for (const code of column.codes) if (code >= 0) counts[code] = (counts[code] ?? 0) + 1;
  const order = [...counts.keys()].sort((one, other) => (counts[other] ?? 0) - (counts[one] ?? 0) || one - other);
  const place = new Uint8Array(column.levels);
  for (const [at, level] of order.entries()) place[level] = Math.min(codes - 1, at + 1);
  return Uint8Array.from(column.codes, (code) => (code < 0 ? 0 : (place[code] ?? 0)));
}
