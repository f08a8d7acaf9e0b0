import { GatewayError } from '../../errors.ts';
import { dataText } from '../data-text.ts';
import type { NamedTensor } from '../inference.ts';
import { type Edit, splice } from '../splice.ts';
import type { PlacedValues } from './inferred-tensor.ts';

/** A body with the elements of `outputs` in place of those that were read, value by value; undefined when none changed. */
export function writeValues(
  bytes: Buffer,
  placed: readonly PlacedValues[],
  outputs: readonly NamedTensor[],
): Buffer | undefined {
  const edits: Edit[] = [];
  for (const each of placed) {
    const { tensor } = each;
    const output = outputs.find(({ name }) => name === tensor.name);
    if (output === undefined || output.data === tensor.data) continue;
    if (output.data.length !== tensor.data.length || output.datatype !== tensor.datatype || each.isBase64) {
      throw new GatewayError('HF_GATEWAY_INTERNAL', 'an output changed what cannot be written');
    }
    addEdits(edits, each, output);
  }
  if (edits.length === 0) return undefined;
  return splice(
    bytes,
    edits.sort((left, right) => left.from - right.from),
  );
}

function addEdits(edits: Edit[], { places, shape }: PlacedValues, { datatype, data }: NamedTensor): void {
  const step = shape.reduce((product, dimension) => product * dimension, 1);
  for (const [at, { from, to }] of places.entries()) {
    edits.push({ from, to, text: dataText({ datatype, data, shape, from: at * step, takesNonFinite: true }) });
  }
}
