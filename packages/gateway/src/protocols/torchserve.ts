import type { BodyLimits, HttpBody, InferenceRequest, Operation, Protocol } from './inference.ts';
import { InferredProtocol } from './inferred/inferred-protocol.ts';
import type { PlacedValues } from './inferred/inferred-tensor.ts';
import { NamedValues } from './inferred/named-values.ts';
import { JsonReader } from './json/json-reader.ts';
import { unsupported } from './malformed.ts';
import { isJson, mediaType } from './media-type.ts';
import { rowsOf } from './rows.ts';

export interface TorchserveOptions {
  /** What the model server calls the model. */
  readonly served: string;
  /** The version that was admitted. Without it no path with a version is taken: it could be of another model. */
  readonly version?: string;
  /** What the only input and the only output are called: requests and answers do not say it. */
  readonly input?: string;
  readonly output?: string;
}

/** What handlers take, and what is passed on without a look into it. */
const opaqueTypes: ReadonlySet<string> = new Set([
  ...['application/octet-stream', 'application/json', 'image/jpeg', 'image/png', 'text/plain', 'text/csv'],
  ...['application/x-npy', 'audio/wav'],
]);

const opaque: InferenceRequest = { inputs: [], rows: 1, isOpaque: true };

/**
 * TorchServe's inference API (https://pytorch.org/serve/inference_api.html). What a body says is the handler's own: arrays of JSON are
 * read as one tensor, everything else is passed on, and nothing is known of it.
 */
export function torchserve({ served, version, input = 'input', output = 'output' }: TorchserveOptions): Protocol {
  const paths = [`/predictions/${served}`, ...(version === undefined ? [] : [`/predictions/${served}/${version}`])];
  return new InferredProtocol({
    name: 'torchserve',
    posts: Object.fromEntries(paths.map((path): [string, Operation] => [path, 'infer'])),
    gets: { '/ping': 'live' },
    answersNonFinite: true,
    readRequest: (http, limits) => readPrediction(http, limits, input),
    readOutputs: (reader) => readScores(reader, output),
  });
}

function readPrediction({ body, headers }: HttpBody, limits: BodyLimits, input: string): InferenceRequest {
  if (!isJson(headers)) {
    const type = mediaType(headers);
    if (type === 'application/json' || !opaqueTypes.has(type)) {
      throw unsupported('this content type is not taken here', 'header content-type');
    }
    return opaque;
  }
  const reader = new JsonReader(body, limits);
  if (!holdsElements(reader)) {
    reader.skip();
    reader.end();
    return opaque;
  }
  const inputs = new NamedValues(reader, { unnamed: input }).columns('body').map(({ tensor }) => tensor);
  reader.end();
  return { inputs, rows: rowsOf(inputs) };
}

/** Arrays that hold no objects at their beginning. */
function holdsElements(reader: JsonReader): boolean {
  if (reader.peek() !== 0x5b) return false;
  while (reader.peek() === 0x5b) reader.at += 1;
  const isObject = reader.peek() === 0x7b;
  reader.at = 0;
  return !isObject;
}

/** Arrays of numbers, or an object of a score for each class, as image classifiers answer; nothing else is understood. */
function readScores(reader: JsonReader, output: string): readonly PlacedValues[] {
  const values = new NamedValues(reader, { unnamed: output, keepsPlaces: true });
  if (holdsElements(reader)) {
    const placed = values.columns('body');
    reader.end();
    return placed;
  }
  const scores = values.tensor();
  let isScores = reader.peek() === 0x7b;
  if (!isScores) reader.skip();
  else {
    reader.openObject();
    while (reader.nextKey() !== undefined) {
      const code = reader.peek();
      isScores &&= code === 0x2d || (code >= 0x30 && code <= 0x39);
      if (isScores) scores.append(reader);
      else reader.skip();
    }
  }
  reader.end();
  return isScores && scores.count > 0 ? [scores.row(output)] : [];
}
