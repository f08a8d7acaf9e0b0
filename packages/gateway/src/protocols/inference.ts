/** Types of the Open Inference Protocol v2 (https://kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol). */
export type Datatype =
  | 'BOOL'
  | 'UINT8'
  | 'UINT16'
  | 'UINT32'
  | 'UINT64'
  | 'INT8'
  | 'INT16'
  | 'INT32'
  | 'INT64'
  | 'FP16'
  | 'FP32'
  | 'FP64'
  | 'BYTES';

/** Elements in row-major order: numbers (BOOL as 0 and 1, 16-bit floats widened), 64-bit integers, or texts. */
export type Elements =
  | Float32Array
  | Float64Array
  | Int32Array
  | Uint8Array
  | BigInt64Array
  | BigUint64Array
  | readonly string[];

export interface NamedTensor {
  readonly name: string;
  readonly datatype: Datatype;
  /** Its product is the number of elements; the first dimension counts rows. */
  readonly shape: readonly number[];
  readonly data: Elements;
  /**
   * The protocol says no datatypes: `datatype` is what holds the values as they are written (FP64, INT64 where a double would round,
   * BOOL, BYTES), and any other that holds them fits, too.
   */
  readonly isUntyped?: true;
}

/** What a request asks, whatever protocol it came by; what protections judge. */
export interface InferenceRequest {
  readonly id?: string;
  readonly inputs: readonly NamedTensor[];
  /** Outputs that are asked for by name; all when absent. */
  readonly outputs?: readonly string[];
  /** Rows of the batch, at least 1; what quotas count. */
  readonly rows: number;
  /** What is asked for beside rows, such as the tokens of an answer; as much as the rows when absent. */
  readonly cost?: number;
  /** The answer is to come piece by piece. */
  readonly isStreamed?: true;
  /** The body is of the model's own kind and was not looked into: there are no `inputs` to judge, and nothing is known of them. */
  readonly isOpaque?: true;
}

export interface InferenceResponse {
  /** Empty when the answer is of the model's own kind. */
  readonly outputs: readonly NamedTensor[];
}

/** Bounds of one body. */
export interface BodyLimits {
  /** Elements of all tensors together. */
  readonly elements: number;
  /** Depth of arrays and objects. */
  readonly depth: number;
  /** Tensors, keys of an object, parameters. */
  readonly count: number;
}

export interface HttpBody {
  readonly body: Uint8Array;
  /** Names in lower case; what is about the framing (content-length …) is the caller's. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What a request is for. `infer` is judged and counted; the others are passed on when they only ask. */
export type Operation = 'infer' | 'metadata' | 'ready' | 'live';

/** One way of asking for a prediction over HTTP. Parsers read exactly what they describe: what is ambiguous is an error. */
export interface Protocol {
  readonly name: string;
  /**
   * What a method and a path below the route (`/infer`) ask for; undefined when the protocol has no such thing.
   * @param path without query, percent-decoding refused where it matters
   */
  operation(method: string, path: string): Operation | undefined;
  /** @throws GatewayError HF_GATEWAY_MALFORMED, HF_GATEWAY_TOO_LARGE, HF_GATEWAY_UNSUPPORTED */
  readRequest(http: HttpBody, limits: BodyLimits): InferenceRequest;
  /** @throws GatewayError HF_GATEWAY_UPSTREAM for what is no answer of this protocol */
  readResponse(http: HttpBody, limits: BodyLimits): InferenceResponse;
  /** The answer with other outputs, everything else as the model server wrote it. */
  writeResponse(http: HttpBody, response: InferenceResponse): HttpBody;
}
