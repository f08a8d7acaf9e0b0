import type { TableColumn } from '@holdfast/dataset';
import { countWhere } from '../metrics/count.ts';
import type { Prepared, Scene } from './expectation-type.ts';
import { keyText, withGroups } from './gathered-groups.ts';
import type { Kwargs } from './kwargs.ts';
import { BadValues } from './texts/bad-values.ts';
import { mapOutcome } from './value-map.ts';

/**
 * Whether the values of some columns are those of no other row, of a table in several files: equal ones may lie in different
 * files, so that all groups are put together first.
 */
export function prepareUniqueAcross(
  kwargs: Kwargs,
  scene: Scene,
  { isMissing, columns }: { readonly isMissing: string; readonly columns: readonly TableColumn[] },
): Prepared {
  const mostly = kwargs.mostly();
  const among = (condition: string): string =>
    scene.where === undefined ? condition : `(${scene.where}) AND (${condition})`;
  const isThere = among(`NOT (${isMissing})`);
  const [elements, missing] = [countWhere(scene.where), countWhere(among(isMissing))];
  return {
    metrics: [elements, missing],
    async judge(found) {
      const bad = await repeatedAcross(scene, columns, isThere);
      const counts = { elements: found.get(elements), missing: found.get(missing), unexpected: bad.count };
      return mapOutcome(counts, mostly, { where: `${isThere} AND ${bad.where}`, columns });
    },
  };
}

async function repeatedAcross(scene: Scene, columns: readonly TableColumn[], where: string): Promise<BadValues> {
  const [table] = scene.tables;
  const bad = new BadValues(table.engine.dialect, keyText(table, columns));
  await withGroups(scene, { columns, where }, async (engine) => {
    const repeated = 'SELECT key FROM groups GROUP BY key HAVING sum(n) > 1';
    for await (const [keys = [], counts = [], parts = [], firsts = []] of engine.stream(
      `SELECT key, n, part, first FROM groups WHERE key IN (${repeated})`,
    )) {
      scene.signal.throwIfAborted();
      for (const [index, key] of keys.entries())
        bad.add(key, Number(counts[index]), [Number(parts[index]), Number(firsts[index])]);
    }
  });
  return bad;
}
