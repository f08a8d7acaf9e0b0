/** A table and what is asked for, as plain lists. */
export interface Small {
  /** By column: what each value becomes, from level 0 on. */
  readonly hierarchies: readonly (readonly (readonly string[])[])[];
  /** By row: the index of its value in each column. */
  readonly rows: readonly (readonly number[])[];
  /** By row. */
  readonly sensitive: readonly number[];
  readonly k: number;
  readonly l?: { readonly kind: 'distinct' | 'entropy' | 'recursive'; readonly l: number; readonly c: number };
  readonly t?: { readonly kind: 'equal' | 'ordered'; readonly t: number };
  readonly utility: string;
  /** Rows that may be suppressed. */
  readonly most: number;
}

/** The least loss of any full-domain generalisation, by trying all of them; undefined where none fulfils what is asked for. */
export function leastLoss(small: Small): number | undefined {
  const losses = nodes(small.hierarchies.map((levels) => levels.length)).flatMap((levels) => {
    const classes = Object.values(
      Object.groupBy(small.rows.keys(), (row) =>
        small.hierarchies.map((column, at) => column[levels[at] ?? 0]?.[small.rows[row]?.[at] ?? 0]).join('\u0000'),
      ),
    ).map((each) => each ?? []);
    const kept = classes.filter((each) => fulfils(small, each));
    const keptRows = kept.reduce((sum, each) => sum + each.length, 0);
    if (small.rows.length - keptRows > small.most) return [];
    return [lossOf(small, levels, kept)];
  });
  return losses.length === 0 ? undefined : Math.min(...losses);
}

function nodes(heights: readonly number[]): number[][] {
  return heights.reduce<number[][]>(
    (found, height) => found.flatMap((each) => Array.from({ length: height }, (_, level) => [...each, level])),
    [[]],
  );
}

const sensitiveOf = ({ sensitive }: Small): number[] => sensitive.map((value) => value);
const share = (values: readonly number[], value: number): number =>
  values.filter((each) => each === value).length / values.length;

function fulfils(small: Small, rows: readonly number[]): boolean {
  if (rows.length < small.k) return false;
  const here = rows.map((row) => small.sensitive[row] ?? 0);
  const all = sensitiveOf(small);
  const shares = [...new Set(here)].map((value) => share(here, value)).sort((one, other) => other - one);
  if (small.l !== undefined) {
    const { kind, l, c } = small.l;
    if (kind === 'distinct' && shares.length < l) return false;
    if (kind === 'entropy' && 2 ** -shares.reduce((sum, p) => sum + p * Math.log2(p), 0) < l - 1e-7) return false;
    const rest = shares.slice(l - 1).reduce((sum, p) => sum + p, 0);
    if (kind === 'recursive' && !((shares[0] ?? 0) < c * rest - 1e-12)) return false;
  }
  if (small.t === undefined) return true;
  const values = [...new Set(all)].sort((one, other) => one - other);
  const apart = values.map((value) => share(here, value) - share(all, value));
  const moved = apart.map((_, at) => apart.slice(0, at + 1).reduce((sum, each) => sum + each, 0));
  const distance =
    small.t.kind === 'equal'
      ? apart.reduce((sum, each) => sum + Math.max(0, each), 0)
      : moved.reduce((sum, each) => sum + Math.abs(each), 0) / Math.max(1, values.length - 1);
  return distance <= small.t.t + 1e-9;
}

function lossOf(
  { hierarchies, rows, utility }: Small,
  levels: readonly number[],
  kept: readonly (readonly number[])[],
): number {
  const suppressed = rows.length - kept.reduce((sum, each) => sum + each.length, 0);
  if (utility === 'discernibility')
    return kept.reduce((sum, each) => sum + each.length ** 2, 0) + suppressed * rows.length;
  if (utility === 'class-size') return rows.length / (kept.length + (suppressed > 0 ? 1 : 0));
  const isKept = new Set(kept.flat());
  const column = (at: number, level: number): readonly string[] => hierarchies[at]?.[level] ?? [];
  const valueOf = (row: number, at: number): number => rows[row]?.[at] ?? 0;
  let [lost, most] = [0, 0];
  for (const row of rows.keys()) {
    for (const [at, all] of hierarchies.entries()) {
      const level = levels[at] ?? 0;
      const label = column(at, level)[valueOf(row, at)];
      const leaves = column(at, level).filter((each) => each === label).length;
      const same = rows.filter((_, other) => valueOf(other, at) === valueOf(row, at)).length;
      const alike = rows.filter((_, other) => column(at, level)[valueOf(other, at)] === label).length;
      const domain = column(at, 0).length;
      const costs: Readonly<Record<string, readonly [number, number]>> = {
        loss: [domain < 2 ? 0 : (leaves - 1) / (domain - 1), 1],
        precision: [all.length < 2 ? 0 : level / (all.length - 1), 1],
        entropy: [Math.log2(alike / same), Math.log2(rows.length / same)],
      };
      const [cell, whole] = costs[utility] ?? [0, 0];
      lost += isKept.has(row) ? cell : whole;
      most += whole;
    }
  }
  return most === 0 ? 0 : lost / most;
}
