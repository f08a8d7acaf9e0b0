import { leakedRows, leakedSides } from '../rows/equal-rows.ts';
import { namedRows, rowList } from '../rows/row-list.ts';
import { counted, featuresOf, finding, judged, type Observed, type Scene } from './scene.ts';

/**
 * Rows that stand in the reference, too, whatever their label. A model that was trained with the one and is tested with the
 * other has seen the answers, and every figure about it is too good: so one such row fails unless a limit is declared.
 */
export async function observeLeakage(scene: Scene): Promise<Observed | undefined> {
  const { tables, reference, rows, options, signal } = scene;
  if (reference === undefined) return undefined;
  const known = new Set(reference[0].columns.map(({ name }) => name));
  const features = featuresOf(scene);
  const names = features.map(({ name }) => name).filter((name) => known.has(name));
  const missing = features.filter(({ name }) => !known.has(name)).map(({ name }) => `\`${name}\``);
  const leaks = await leakedRows(leakedSides(tables, reference, names), signal);
  const share = leaks.rows / Math.max(1, rows);
  const message = `${counted(leaks.rows, 'row stands', 'rows stand')} in the reference, too, the same in all ${counted(names.length, 'column')} (there ${counted(leaks.referenceRows, 'row')})`;
  const where = leaks.named
    .slice(0, namedRows)
    .map(({ own, reference: theirs }) => `${rowList(own, tables.length)} there ${rowList(theirs, reference.length)}`)
    .join('; ');
  return {
    outcome: judged(share, options.maxLeakage, 0, 'fail'),
    metrics: { leaked_rows: leaks.rows, leaked_share: share, leaked_reference_rows: leaks.referenceRows },
    findings: leaks.rows === 0 ? [] : [finding('leakage', message, where)],
    left: [
      ...(missing.length === 0 ? [] : [`the reference has no ${missing.slice(0, 20).join(', ')}: not compared`]),
      ...(leaks.isWhole ? [] : ['leakage: more than 200,000 rows stand in both tables; the others were not counted']),
    ],
  };
}
