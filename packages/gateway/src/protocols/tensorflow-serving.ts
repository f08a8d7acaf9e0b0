import type { BodyLimits, HttpBody, InferenceRequest, Operation, Protocol } from './inference.ts';
import { InferredProtocol } from './inferred/inferred-protocol.ts';
import type { PlacedValues } from './inferred/inferred-tensor.ts';
import { NamedValues } from './inferred/named-values.ts';
import { JsonReader } from './json/json-reader.ts';
import { malformed } from './malformed.ts';
import { requireJson } from './media-type.ts';
import { rowsOf } from './rows.ts';

export interface TensorflowServingOptions {
  /** What the model server calls the model. */
  readonly served: string;
  /** The version that was admitted. Without it no path with a version or a label is taken: it could be of another model. */
  readonly version?: string;
  /** The only signature that callers may ask for; `serving_default` when left out. */
  readonly signature?: string;
  /** What the only input and the only output are called: requests and answers do not say it. */
  readonly input?: string;
  readonly output?: string;
}

/**
 * TensorFlow Serving over HTTP (https://www.tensorflow.org/tfx/serving/api_rest): the predict API in row and column format, with its bare
 * `NaN`, `Infinity` and `-Infinity` and its `b64`. Classify and regress are not taken.
 */
export function tensorflowServing(options: TensorflowServingOptions): Protocol {
  const { served, version, signature = 'serving_default', input = 'input', output = 'output' } = options;
  const models = [`/v1/models/${served}`];
  if (version !== undefined) models.push(`/v1/models/${served}/versions/${version}`);
  const all = (end: string, operation: Operation): [string, Operation][] =>
    models.map((model) => [model + end, operation]);
  return new InferredProtocol({
    name: 'tensorflow-serving',
    posts: Object.fromEntries(all(':predict', 'infer')),
    gets: Object.fromEntries([...all('', 'ready'), ...all('/metadata', 'metadata')]),
    answersNonFinite: true,
    readRequest: (http, limits) => readPredict(http, limits, { signature, input }),
    readOutputs: (reader) => readPredictions(reader, output),
  });
}

function readPredict(
  { body, headers }: HttpBody,
  limits: BodyLimits,
  { signature, input }: { readonly signature: string; readonly input: string },
): InferenceRequest {
  requireJson(headers);
  const reader = new JsonReader(body, limits, { takesNonFinite: true });
  const values = new NamedValues(reader, { unnamed: input, takesBase64: true });
  let placed: readonly PlacedValues[] | undefined;
  reader.openObject();
  for (let key = reader.nextKey(); key !== undefined; key = reader.nextKey()) {
    if (key === 'signature_name') {
      if (reader.text() !== signature) throw malformed('this signature is not served here', 'signature_name');
      continue;
    }
    if (key !== 'instances' && key !== 'inputs') {
      throw malformed('a request has `signature_name`, and `instances` or `inputs` only', `body, byte ${reader.at}`);
    }
    if (placed !== undefined) throw malformed('a request has either `instances` or `inputs`', key);
    placed = key === 'instances' ? values.rows(key) : values.columns(key);
  }
  reader.end();
  if (placed === undefined) throw malformed('a request has `instances` or `inputs`', 'body');
  const inputs = placed.map(({ tensor }) => tensor);
  return { inputs, rows: rowsOf(inputs) };
}

function readPredictions(reader: JsonReader, output: string): readonly PlacedValues[] {
  const values = new NamedValues(reader, { unnamed: output, takesBase64: true, keepsPlaces: true });
  let placed: readonly PlacedValues[] | undefined;
  reader.openObject();
  for (let key = reader.nextKey(); key !== undefined; key = reader.nextKey()) {
    if (key !== 'predictions' && key !== 'outputs') reader.skip();
    else if (placed !== undefined) throw malformed('an answer has either `predictions` or `outputs`', key);
    else placed = key === 'predictions' ? values.rows(key) : values.columns(key);
  }
  reader.end();
  if (placed === undefined) throw malformed('an answer has `predictions` or `outputs`', 'body');
  return placed;
}
