import { binomialInterval } from '@holdfast/statistics';
import type { ColumnTrigger, Detector, SuspectRow, Suspicion } from '../detector.ts';
import { notLooked } from '../not-looked.ts';
import type { PoisonScene } from '../scene.ts';
import { rowsWith } from './grow.ts';
import { fewest } from './item-columns.ts';
import { type FoundTrigger, findTriggers, type TriggerSearch } from './search.ts';

/** Fewer rows cannot hold a trigger that chance would not. */
const fewestRows = 20;

/** Combinations of values that go with one label, and that chance and nature do not explain; see {@link findTriggers}. */
export const triggerDetector: Detector = {
  name: 'triggers',
  async find(scene) {
    const varied = scene.columns.filter(isVaried);
    const labelled = scene.labels.reduce((sum, label) => sum + Number(label >= 0), 0);
    if (labelled < fewestRows)
      return notLooked('triggers', `${labelled} labelled rows are too few to find one in (${fewestRows})`);
    if (varied.length < 2) return notLooked('triggers', 'there are fewer than two columns that vary');
    const inner = { ...scene, columns: varied };
    return suspicionOf(scene, await findTriggers(inner, scene.alpha), labelled);
  },
};

function isVaried(column: PoisonScene['columns'][number]): boolean {
  if (column.kind === 'category') return column.codes.some((code) => code !== column.codes[0]);
  return column.values.some((value) => !Object.is(value, column.values[0]));
}

function suspicionOf(scene: PoisonScene, { triggers, pairs }: TriggerSearch, labelled: number): Suspicion {
  const rows = triggers.flatMap(({ rows: own, p }) =>
    Array.from(own, (row): SuspectRow => ({ row, score: Math.max(0, 1 - p), reason: 'trigger' })),
  );
  const left = [
    ...(pairs.left > 0 ? [`triggers: ${pairs.left} columns were not searched, there are too many`] : []),
    ...(pairs.cut > 0
      ? [`triggers: ${pairs.cut} of the crowded combinations were not looked at, there are too many`]
      : []),
  ];
  const { low, high } = binomialInterval(rows.length, labelled, 0.95, 'clopper-pearson');
  return {
    ...{ detector: 'triggers', rows, left },
    share: {
      estimate: rows.length / labelled,
      low,
      high: rows.length === 0 ? Math.max(high, fewest / labelled) : high,
    },
    triggers: triggers.map((trigger) => named(scene, trigger)),
    metrics: { found: triggers.length, combinations_tried: pairs.tried },
  };
}

function named({ labels }: PoisonScene, { found, label, parts, p, areLabelsChanged }: FoundTrigger): ColumnTrigger {
  const all = Int32Array.from(new Set(labels)).filter((each) => each >= 0);
  const rows = Array.from(all, (each) => [...rowsWith({ labels }, each, parts)]).flat();
  return {
    ...{ kind: 'columns', label, p, parts: found },
    rows: rows.sort((one, other) => one - other),
    labels: areLabelsChanged ? 'changed' : 'clean',
  };
}
