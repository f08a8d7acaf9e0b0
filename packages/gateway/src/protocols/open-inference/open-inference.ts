import type { BodyLimits, HttpBody, InferenceRequest, InferenceResponse, Operation, Protocol } from '../inference.ts';
import { ofUpstream } from '../malformed.ts';
import { readInferenceRequest } from './read-request.ts';
import { type PlacedResponse, readPlacedResponse } from './read-response.ts';
import { writePlacedResponse } from './write-response.ts';

export interface OpenInferenceOptions {
  /** What the model server calls the model. */
  readonly served: string;
  /** The version that was admitted. Without it no path with a version is taken: it could be of another model. */
  readonly version?: string;
}

/** What has to be read when the outputs are written: the same limits held before. */
const unlimited: BodyLimits = { elements: Number.MAX_SAFE_INTEGER, depth: 512, count: Number.MAX_SAFE_INTEGER };

/**
 * The Open Inference Protocol v2 over HTTP (https://github.com/kserve/open-inference-protocol, `inference_rest.md`) with binary tensor data
 * (Triton's `extension_binary_data.md`).
 */
export function openInference({ served, version }: OpenInferenceOptions): Protocol {
  return new OpenInference(served, version);
}

class OpenInference implements Protocol {
  readonly name = 'open-inference';
  readonly #served: string;
  readonly #posts: ReadonlyMap<string, Operation>;
  readonly #gets: ReadonlyMap<string, Operation>;
  /** What was read last: an answer is written right after it was read. */
  #last: PlacedResponse | undefined;

  constructor(served: string, version: string | undefined) {
    this.#served = served;
    const models = [`/v2/models/${served}`];
    if (version !== undefined) models.push(`/v2/models/${served}/versions/${version}`);
    this.#posts = new Map(models.map((model) => [`${model}/infer`, 'infer']));
    this.#gets = new Map<string, Operation>([
      ['/v2', 'metadata'],
      ['/v2/health/live', 'live'],
      ['/v2/health/ready', 'ready'],
      ...models.map((model) => [model, 'metadata'] as const),
      ...models.map((model) => [`${model}/ready`, 'ready'] as const),
    ]);
  }

  operation(method: string, path: string): Operation | undefined {
    if (method === 'POST') return this.#posts.get(path);
    return method === 'GET' ? this.#gets.get(path) : undefined;
  }

  readRequest(http: HttpBody, limits: BodyLimits): InferenceRequest {
    return readInferenceRequest(http, limits, this.#served);
  }

  readResponse(http: HttpBody, limits: BodyLimits): InferenceResponse {
    const placed = ofUpstream(() => readPlacedResponse(http, limits));
    this.#last = placed;
    return { outputs: placed.outputs.map(({ tensor }) => tensor) };
  }

  writeResponse(http: HttpBody, { outputs }: InferenceResponse): HttpBody {
    const last = this.#last;
    this.#last = undefined;
    const placed = last?.body.whole === http.body ? last : ofUpstream(() => readPlacedResponse(http, unlimited));
    return writePlacedResponse(http, placed, outputs);
  }
}
