import type { BodyLimits, HttpBody } from '../inference.ts';
import { JsonReader } from '../json/json-reader.ts';
import { malformed } from '../malformed.ts';
import { type SplitBody, splitBody } from './split-body.ts';
import { type PlacedTensor, TensorObjects } from './tensor-objects.ts';

/** An answer, and where its tensors stand in it. */
export interface PlacedResponse {
  readonly body: SplitBody;
  readonly outputs: readonly PlacedTensor[];
}

/** Only `outputs` counts; whatever else a server says beside it is for the caller. */
export function readPlacedResponse(http: HttpBody, limits: BodyLimits): PlacedResponse {
  const body = splitBody(http);
  const reader = new JsonReader(body.json, limits);
  const tensors = new TensorObjects(reader, body, 'outputs');
  let outputs: readonly PlacedTensor[] | undefined;
  reader.openObject();
  for (let key = reader.nextKey(); key !== undefined; key = reader.nextKey()) {
    if (key === 'outputs') outputs = tensors.read();
    else reader.skip();
  }
  reader.end();
  if (outputs === undefined) throw malformed('an answer has `outputs`', 'outputs');
  tensors.end();
  return { body, outputs };
}
