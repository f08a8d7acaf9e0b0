import { GatewayError } from '../errors.ts';
import type { UpstreamRequest } from '../http/upstream.ts';
import type { NamedTensor } from '../protocols/inference.ts';
import type { ProtocolName } from '../protocols/protocols.ts';

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/**
 * A prediction as a caller of the protocol asks for it.
 * @throws GatewayError HF_GATEWAY_CONFIGURATION for a protocol in which no row can be asked for like that
 */
export function challengeRequest(
  protocol: ProtocolName,
  served: string,
  inputs: readonly NamedTensor[],
): UpstreamRequest {
  switch (protocol) {
    case 'open-inference':
      return post(`/v2/models/${served}/infer`, { inputs: inputs.map(tensorObject) });
    case 'tensorflow-serving':
      return post(`/v1/models/${served}:predict`, { inputs: columns(inputs) });
    case 'mlflow':
      return post('/invocations', { inputs: columns(inputs) });
    case 'sagemaker':
      return post('/invocations', { instances: only(inputs, protocol) });
    case 'torchserve':
      return post(`/predictions/${served}`, only(inputs, protocol));
    case 'openai-chat':
    case 'json':
      throw wrong(`\`challenge\` has no rows for the protocol \`${protocol}\``);
  }
}

function post(path: string, body: Json): UpstreamRequest {
  return {
    ...{ method: 'POST', path, body: Buffer.from(JSON.stringify(body)) },
    headers: { 'content-type': 'application/json', accept: 'application/json' },
  };
}

const tensorObject = ({ name, datatype, shape, data }: NamedTensor): Json => ({
  ...{ name, datatype, shape },
  data: elements(data, datatype === 'BOOL'),
});

/** One tensor by itself, several by their names. */
function columns(inputs: readonly NamedTensor[]): Json {
  const [first, ...more] = inputs;
  if (first !== undefined && more.length === 0) return nested(first);
  return Object.fromEntries(inputs.map((tensor) => [tensor.name, nested(tensor)]));
}

function only([first, ...more]: readonly NamedTensor[], protocol: string): Json {
  if (first !== undefined && more.length === 0) return nested(first);
  throw wrong(`\`challenge\` of \`${protocol}\` takes a model with one input`);
}

function nested({ shape, data, datatype }: NamedTensor): Json {
  let values: readonly Json[] = elements(data, datatype === 'BOOL');
  for (const size of shape.slice(1).reverse()) {
    values = Array.from({ length: values.length / size }, (_, at) => values.slice(at * size, (at + 1) * size));
  }
  return values;
}

/** 64-bit integers up to 2⁵³, as they are drawn. A missing number has no JSON. */
const elements = (data: NamedTensor['data'], isBoolean: boolean): readonly Json[] =>
  Array.from(data as ArrayLike<number | bigint | string>, (value) =>
    typeof value === 'string' ? value : isBoolean ? value !== 0 : Number(value),
  );

const wrong = (message: string): GatewayError => new GatewayError('HF_GATEWAY_CONFIGURATION', message);
