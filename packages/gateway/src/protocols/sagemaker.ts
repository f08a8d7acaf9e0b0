import type { BodyLimits, HttpBody, InferenceRequest, Protocol } from './inference.ts';
import { InferredProtocol } from './inferred/inferred-protocol.ts';
import type { PlacedValues } from './inferred/inferred-tensor.ts';
import { NamedValues } from './inferred/named-values.ts';
import { JsonReader } from './json/json-reader.ts';
import { malformed } from './malformed.ts';
import { requireJson } from './media-type.ts';
import { readPredictions } from './predictions.ts';
import { rowsOf } from './rows.ts';

export interface SagemakerOptions {
  /** What the only input and the only output are called: requests and answers do not say it. */
  readonly input?: string;
  readonly output?: string;
}

/**
 * A container as SageMaker runs it (https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html): `/invocations`
 * and `/ping`. Of the formats (https://docs.aws.amazon.com/sagemaker/latest/dg/cdf-inference.html) JSON is taken, `instances` or a bare
 * array; CSV and others are not.
 */
export function sagemaker({ input = 'input', output = 'output' }: SagemakerOptions = {}): Protocol {
  return new InferredProtocol({
    name: 'sagemaker',
    posts: { '/invocations': 'infer' },
    gets: { '/ping': 'live' },
    answersNonFinite: true,
    readRequest: (http, limits) => readInvocation(http, limits, input),
    readOutputs: (reader) => readAnswer(reader, output),
  });
}

function readInvocation({ body, headers }: HttpBody, limits: BodyLimits, input: string): InferenceRequest {
  requireJson(headers);
  const reader = new JsonReader(body, limits);
  const placed = reader.peek() === 0x5b ? bare(reader, input) : readInstances(reader, input);
  reader.end();
  const inputs = placed.map(({ tensor }) => tensor);
  return { inputs, rows: rowsOf(inputs) };
}

function readInstances(reader: JsonReader, input: string): readonly PlacedValues[] {
  let placed: readonly PlacedValues[] | undefined;
  reader.openObject();
  for (let key = reader.nextKey(); key !== undefined; key = reader.nextKey()) {
    if (key !== 'instances') throw malformed('a request has `instances` only', `body, byte ${reader.at}`);
    placed = new NamedValues(reader, { unnamed: input }).rows(key);
  }
  if (placed === undefined) throw malformed('a request has `instances`', 'body');
  return placed;
}

function readAnswer(reader: JsonReader, output: string): readonly PlacedValues[] {
  if (reader.peek() !== 0x5b) return readPredictions(reader, output);
  const placed = bare(reader, output);
  reader.end();
  return placed;
}

const bare = (reader: JsonReader, unnamed: string): readonly PlacedValues[] =>
  new NamedValues(reader, { unnamed, takesNull: true, keepsPlaces: true }).rows('body');
