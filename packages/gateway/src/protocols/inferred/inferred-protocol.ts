import type { BodyLimits, HttpBody, InferenceRequest, InferenceResponse, Operation, Protocol } from '../inference.ts';
import { JsonReader } from '../json/json-reader.ts';
import { ofUpstream } from '../malformed.ts';
import type { PlacedValues } from './inferred-tensor.ts';
import { writeValues } from './write-values.ts';

/** What a protocol of plain JSON values is made of. */
export interface InferredProtocolParts {
  readonly name: string;
  /** Operations by path. */
  readonly posts: Readonly<Record<string, Operation>>;
  readonly gets: Readonly<Record<string, Operation>>;
  readRequest(http: HttpBody, limits: BodyLimits): InferenceRequest;
  /** Reads an answer up to its end. */
  readOutputs(reader: JsonReader, headers: Readonly<Record<string, string>>): readonly PlacedValues[];
  /** Whether answers may have `NaN` and `Infinity`: what is written in Python writes them. */
  readonly answersNonFinite: boolean;
}

/** What was read before with limits is read again without. */
const unlimited: BodyLimits = { elements: Number.MAX_SAFE_INTEGER, depth: 512, count: Number.MAX_SAFE_INTEGER };

/** A protocol whose answers are JSON values without datatypes. */
export class InferredProtocol implements Protocol {
  readonly name: string;
  readonly #parts: InferredProtocolParts;
  readonly #posts: ReadonlyMap<string, Operation>;
  readonly #gets: ReadonlyMap<string, Operation>;
  /** What was read last: an answer is written right after it was read. */
  #last: { readonly body: Uint8Array; readonly placed: readonly PlacedValues[] } | undefined;

  constructor(parts: InferredProtocolParts) {
    this.name = parts.name;
    this.#parts = parts;
    this.#posts = new Map(Object.entries(parts.posts));
    this.#gets = new Map(Object.entries(parts.gets));
  }

  operation(method: string, path: string): Operation | undefined {
    if (method === 'POST') return this.#posts.get(path);
    return method === 'GET' ? this.#gets.get(path) : undefined;
  }

  readRequest(http: HttpBody, limits: BodyLimits): InferenceRequest {
    return this.#parts.readRequest(http, limits);
  }

  readResponse(http: HttpBody, limits: BodyLimits): InferenceResponse {
    const placed = this.#read(http, limits);
    this.#last = { body: http.body, placed };
    return { outputs: placed.map(({ tensor }) => tensor) };
  }

  writeResponse(http: HttpBody, { outputs }: InferenceResponse): HttpBody {
    const placed = this.#last?.body === http.body ? this.#last.placed : this.#read(http, unlimited);
    this.#last = undefined;
    const bytes = Buffer.from(http.body.buffer, http.body.byteOffset, http.body.byteLength);
    const body = writeValues(bytes, placed, outputs);
    return body === undefined ? { body: http.body, headers: http.headers } : { body, headers: http.headers };
  }

  #read({ body, headers }: HttpBody, limits: BodyLimits): readonly PlacedValues[] {
    const { answersNonFinite: takesNonFinite } = this.#parts;
    return ofUpstream(() => this.#parts.readOutputs(new JsonReader(body, limits, { takesNonFinite }), headers));
  }
}
