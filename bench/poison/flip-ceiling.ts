import { judgedLabels } from '@holdfast/data/poison/labels/judged-labels';
import { type PublishedTable, plantedOf, sceneOf } from './tables.ts';

const judgements = new WeakMap<PublishedTable, Promise<Float64Array>>();

/**
 * The share of flipped labels that somebody finds who learns from the true ones, when one of 100 sound rows may be accused: rows in the
 * order of how unlikely trees and neighbours that have not seen them make the label that is given.
 */
export async function flipCeiling(table: PublishedTable, given: Int32Array, isPoisoned: Uint8Array): Promise<number> {
  const chances = await (judgements.get(table) ?? judged(table));
  const classes = chances.length / given.length;
  const own = Float64Array.from(given, (label, row) => chances[row * classes + label] ?? 1);
  const sound = own.filter((_, row) => isPoisoned[row] !== 1).sort();
  const bound = sound[Math.floor(0.01 * sound.length)] ?? 0;
  const flipped = own.filter((_, row) => isPoisoned[row] === 1);
  return flipped.filter((chance) => chance < bound).length / Math.max(1, flipped.length);
}

function judged(table: PublishedTable): Promise<Float64Array> {
  const found = judgedLabels(sceneOf(plantedOf(table), '0')).then(({ judged: { chances } }) => chances);
  judgements.set(table, found);
  return found;
}
