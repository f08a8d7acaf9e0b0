import type { BodyLimits, HttpBody, InferenceRequest, Protocol } from './inference.ts';
import { InferredProtocol } from './inferred/inferred-protocol.ts';
import type { PlacedValues } from './inferred/inferred-tensor.ts';
import { NamedValues } from './inferred/named-values.ts';
import { SplitFrame } from './inferred/split-frame.ts';
import { JsonReader } from './json/json-reader.ts';
import { malformed } from './malformed.ts';
import { requireJson } from './media-type.ts';
import { readPredictions } from './predictions.ts';
import { rowsOf } from './rows.ts';

export interface MlflowOptions {
  /** What the only input and the only output are called: requests and answers do not say it. */
  readonly input?: string;
  readonly output?: string;
}

/**
 * MLflow's scoring server (https://mlflow.org/docs/latest/ml/deployment/deploy-model-locally): `/invocations` with one of
 * `dataframe_split`, `dataframe_records`, `instances` and `inputs`. A `null` in a data frame is a missing number. CSV is not taken.
 */
export function mlflow({ input = 'input', output = 'output' }: MlflowOptions = {}): Protocol {
  return new InferredProtocol({
    name: 'mlflow',
    posts: { '/invocations': 'infer' },
    gets: { '/ping': 'live', '/health': 'ready', '/version': 'metadata' },
    answersNonFinite: true,
    readRequest: (http, limits) => readInvocation(http, limits, input),
    readOutputs: (reader) => readPredictions(reader, output),
  });
}

function readInvocation({ body, headers }: HttpBody, limits: BodyLimits, input: string): InferenceRequest {
  requireJson(headers);
  const reader = new JsonReader(body, limits);
  let placed: readonly PlacedValues[] | undefined;
  reader.openObject();
  for (let key = reader.nextKey(); key !== undefined; key = reader.nextKey()) {
    if (key === 'params') {
      reader.skip();
      continue;
    }
    if (placed !== undefined) throw malformed('a request has one form of input only', `body, byte ${reader.at}`);
    placed = readForm(reader, key, input);
  }
  reader.end();
  if (placed === undefined) throw malformed('a request has an input', 'body');
  const inputs = placed.map(({ tensor }) => tensor);
  return { inputs, rows: rowsOf(inputs) };
}

function readForm(reader: JsonReader, form: string, input: string): readonly PlacedValues[] {
  switch (form) {
    case 'dataframe_split':
      return new SplitFrame(reader).read(form);
    case 'dataframe_records':
      return new NamedValues(reader, { unnamed: input, takesNull: true }).rows(form);
    case 'instances':
      return new NamedValues(reader, { unnamed: input }).rows(form);
    case 'inputs':
      return new NamedValues(reader, { unnamed: input }).columns(form);
    default:
      throw malformed(
        'a request has `dataframe_split`, `dataframe_records`, `instances` or `inputs`, and `params` only',
        `body, byte ${reader.at}`,
      );
  }
}
