import { GatewayError } from '../../errors.ts';
import { dataText } from '../data-text.ts';
import type { HttpBody, NamedTensor } from '../inference.ts';
import { type Edit, splice } from '../splice.ts';
import { writeBinary } from './binary-elements.ts';
import type { PlacedResponse } from './read-response.ts';
import type { PlacedTensor } from './tensor-objects.ts';

/** The answer with the elements of `outputs` in place of those that were read; what is not in them stays as the server wrote it. */
export function writePlacedResponse(
  { headers, body }: HttpBody,
  placed: PlacedResponse,
  outputs: readonly NamedTensor[],
): HttpBody {
  const { whole, json, isSplit } = placed.body;
  const edits: Edit[] = [];
  const binary: Buffer[] = [];
  let isChanged = false;
  for (const { tensor, place } of placed.outputs) {
    const changed = changedFrom(tensor, outputs);
    isChanged ||= changed !== undefined;
    if (place.kind === 'json') {
      if (changed !== undefined) edits.push({ from: place.from, to: place.to, text: jsonOf(changed, place.isFlat) });
      continue;
    }
    const { from, bytes, sizeFrom, sizeTo } = place;
    const data =
      changed === undefined ? whole.subarray(from, from + bytes) : writeBinary(changed.datatype, changed.data);
    if (data.length !== bytes) edits.push({ from: sizeFrom, to: sizeTo, text: String(data.length) });
    binary.push(data);
  }
  if (!isChanged) return { body, headers };
  const text = splice(json, edits);
  return {
    body: binary.length === 0 ? text : Buffer.concat([text, ...binary]),
    headers: isSplit ? { ...headers, 'inference-header-content-length': String(text.length) } : headers,
  };
}

const jsonOf = ({ datatype, data, shape }: NamedTensor, isFlat: boolean): string =>
  dataText({ datatype, data, shape: isFlat ? [data.length] : shape, from: 0 });

/** The tensor that takes the place of one that was read; undefined when it is the same. */
function changedFrom(read: PlacedTensor['tensor'], outputs: readonly NamedTensor[]): NamedTensor | undefined {
  const output = outputs.find(({ name }) => name === read.name);
  if (output === undefined || output.data === read.data) return undefined;
  if (output.datatype !== read.datatype || output.data.length !== read.data.length) {
    throw new GatewayError('HF_GATEWAY_INTERNAL', 'an output changed its datatype or its size');
  }
  return output;
}
