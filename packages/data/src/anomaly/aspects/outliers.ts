import type { Figure } from '@holdfast/evidence/check';
import { binomialInterval } from '@holdfast/statistics';
import { type Outliers, outliers } from '../outliers/outliers.ts';
import type { NumberColumns } from '../outliers/read-columns.ts';
import { rowList } from '../rows/row-list.ts';
import { counted, finding, type Observed, type Outcome, type Scene } from './scene.ts';

/** How sure it has to be that more rows are far out than false alarms explain. */
const confidence = 0.99;
const fewest = 10;

/** Rows that ECOD or the distance to their neighbours put far from the others, or from the reference. */
export function observeOutliers(scene: Scene, read: NumberColumns): Observed | undefined {
  const { options, reference, tables } = scene;
  const rows = read.places.length;
  if (rows < fewest || read.columns.length === 0 || (reference !== undefined && read.reference < fewest))
    return undefined;
  const found = outliers(read, options);
  const share = found.named.length / rows;
  const where = rowList(
    found.named.flatMap((row) => read.places[row] ?? []),
    tables.length,
  );
  return {
    outcome: reference === undefined ? 'pass' : outcomeOf(found.named.length, rows, scene),
    metrics: {
      outlier_rows: found.named.length,
      outlier_share: share,
      outlier_rows_agreed: found.agreed,
      scored_rows: rows,
    },
    findings: found.named.length === 0 ? [] : [finding('outlier', sentence(scene, read, found), where)],
    left: [],
    figures: [scoreFigure(found.scores, rows)],
  };
}

function outcomeOf(named: number, rows: number, { options }: Scene): Outcome {
  if (options.maxOutliers !== undefined) return named / rows > options.maxOutliers ? 'fail' : 'pass';
  return binomialInterval(named, rows, confidence, 'clopper-pearson').low > options.falseAlarms ? 'warn' : 'pass';
}

function sentence({ options, reference, rows }: Scene, read: NumberColumns, found: Outliers): string {
  const scored = read.places.length;
  const some = scored < rows ? ` (${scored} of ${rows} were scored, drawn by hash)` : '';
  const methods = `ECOD names ${found.byEcod}, the distance to neighbour ${options.neighbours} among ${found.among} rows ${found.byNeighbours}; an isolation forest agrees on ${found.agreed}`;
  const about = `${counted(read.names.length, 'column')}, texts by how frequent they are, missing numbers as the median`;
  if (reference === undefined) {
    return `the ${counted(found.named.length, 'row')} farthest from the others${some}, whatever they are: ${methods} (${about})`;
  }
  const expected = `${(options.falseAlarms * scored).toFixed(1)} would be false alarms at most`;
  return `${counted(found.named.length, 'row')} far from the reference${some}, of which ${expected}: ${methods} (${about})`;
}

function scoreFigure(scores: Float64Array, rows: number): Figure {
  const greatest = scores.reduce((most, score) => Math.max(most, score), 0);
  const [bins, width] = [30, greatest === 0 ? 1 : greatest / 30];
  const counts = (part: Float64Array, of: string): object[] => {
    const found = new Array<number>(bins).fill(0);
    for (const score of part) {
      const bin = Math.min(bins - 1, Math.floor(score / width));
      found[bin] = (found[bin] ?? 0) + 1;
    }
    return found.map((count, bin) => ({ of, from: bin * width, to: (bin + 1) * width, share: count / part.length }));
  };
  const reference = scores.subarray(rows);
  return {
    title: 'How far out rows lie (ECOD)',
    specification: {
      $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
      data: {
        values: [
          ...counts(scores.subarray(0, rows), 'table'),
          ...(reference.length === 0 ? [] : counts(reference, 'reference')),
        ],
      },
      mark: { type: 'bar', opacity: 0.6 },
      encoding: {
        x: { field: 'from', type: 'quantitative', bin: { binned: true }, title: 'score' },
        x2: { field: 'to' },
        y: { field: 'share', type: 'quantitative', stack: null, title: 'share of rows' },
        color: { field: 'of', type: 'nominal', title: null },
      },
    },
  };
}
