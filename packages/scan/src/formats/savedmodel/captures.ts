import { shown } from '../../finding.ts';
import type { Inspection } from '../../inspection.ts';
import { fieldsOf, textOf } from '../protobuf/fields.ts';
import type { Body } from './graph-index.ts';
import { mostNameBytes } from './node.ts';
import type { Paths } from './paths.ts';
import { savedModelRules } from './rules.ts';
import { fieldIn, type Range } from './walk.ts';

/** The kind of an asset among the objects of a SavedObjectGraph (SavedObject, `asset`). */
export const assetField = 5;

/** The kinds of the objects in an object graph, by their place: numbers of fields 4 to 12 of SavedObject. */
export function kindsOf({ source }: Inspection, { start, end }: Range): number[] {
  return [...fieldsOf(source, start, end)]
    .filter(({ number }) => number === 1)
    .map(
      (object) =>
        [...fieldsOf(source, object.start, object.end)].find(({ number }) => number >= 4 && number <= 12)?.number ?? 0,
    );
}

/**
 * Functions that the loader of TensorFlow 2 calls with objects of the model bound to their last arguments
 * (SavedConcreteFunction, `bound_inputs`): where such an argument is a path, the object must be an asset.
 */
export function checkCaptures(part: Inspection, graph: Range, bodies: ReadonlyMap<string, Body>, paths: Paths): void {
  const kinds = kindsOf(part, graph);
  for (const entry of fieldsOf(part.source, graph.start, graph.end)) {
    if (entry.number !== 2) continue;
    const [key, value] = [fieldIn(part.source, entry, 1), fieldIn(part.source, entry, 2)];
    const name = key === undefined ? '' : textOf(part.source, key, mostNameBytes);
    const body = bodies.get(name);
    if (body === undefined || value === undefined) continue;
    const bound = boundInputs(part, value);
    const free = body.arguments.length - bound.length;
    for (const index of paths.parametersOf(name)) {
      if (index < free || kinds[bound[index - free] ?? -1] === assetField) continue;
      const message = `the function ${shown(name)} gets a path from an object of the model that is no asset`;
      part.report(savedModelRules.path, { message, within: name, when: 'when the model is loaded' });
    }
  }
}

/** Repeated integers, packed or not. */
function boundInputs({ source }: Inspection, { start, end }: Range): number[] {
  const bound: number[] = [];
  for (const field of fieldsOf(source, start, end)) {
    if (field.number !== 2) continue;
    if (field.wire === 'varint') bound.push(field.value);
    else
      for (let at = field.start; at < field.end; )
        at = readPacked(source.read(at, Math.min(10, field.end - at)), at, bound);
  }
  return bound;
}

function readPacked(bytes: Uint8Array, at: number, into: number[]): number {
  const length = bytes.findIndex((byte) => byte < 128) + 1;
  const value = bytes.subarray(0, length).reduce((sum, byte, index) => sum + (byte % 128) * 2 ** (7 * index), 0);
  into.push(value);
  return at + Math.max(1, length);
}
