import type { BodyLimits, HttpBody, InferenceRequest } from '../inference.ts';
import { JsonReader } from '../json/json-reader.ts';
import { malformed, tooLarge, unsupported } from '../malformed.ts';
import { isJson, mediaType } from '../media-type.ts';
import { rowsOf } from '../rows.ts';
import { type SplitBody, splitBody } from './split-body.ts';
import { refuseSharedMemory, TensorObjects } from './tensor-objects.ts';

/** @throws GatewayError HF_GATEWAY_MALFORMED, HF_GATEWAY_TOO_LARGE, HF_GATEWAY_UNSUPPORTED */
export function readInferenceRequest(http: HttpBody, limits: BodyLimits, served: string): InferenceRequest {
  const body = splitBody(http);
  if (!isJson(http.headers) && !(body.isSplit && mediaType(http.headers) === 'application/octet-stream')) {
    throw unsupported(
      'the body is `application/json`, or `application/octet-stream` with the length of its JSON part',
      'header content-type',
    );
  }
  return new RequestReader(body, limits, served).read();
}

class RequestReader {
  readonly #reader: JsonReader;
  readonly #tensors: TensorObjects;
  readonly #served: string;
  #id: string | undefined;
  #inputs: InferenceRequest['inputs'] = [];
  #outputs: readonly string[] = [];

  constructor(body: SplitBody, limits: BodyLimits, served: string) {
    this.#reader = new JsonReader(body.json, limits);
    this.#tensors = new TensorObjects(this.#reader, body, 'inputs');
    this.#served = served;
  }

  read(): InferenceRequest {
    const reader = this.#reader;
    reader.openObject();
    for (let key = reader.nextKey(); key !== undefined; key = reader.nextKey()) this.#member(key);
    reader.end();
    if (this.#inputs.length === 0) throw malformed('a request has `inputs`', 'inputs');
    this.#tensors.end();
    const request = { inputs: this.#inputs, rows: rowsOf(this.#inputs) };
    return {
      ...(this.#id === undefined ? request : { ...request, id: this.#id }),
      ...(this.#outputs.length === 0 ? {} : { outputs: this.#outputs }),
    };
  }

  #member(key: string): void {
    const reader = this.#reader;
    if (key === 'inputs') this.#inputs = this.#tensors.read().map(({ tensor }) => tensor);
    else if (key === 'id') this.#id = reader.text();
    else if (key === 'outputs') this.#outputs = this.#readOutputs();
    else if (key === 'parameters') this.#readParameters('binary_data_output', 'the request');
    else if (key === 'model_name') {
      if (reader.text() !== this.#served)
        throw malformed('another model is asked for than the path says', 'model_name');
    } else {
      throw malformed(
        'a request has `id`, `model_name`, `parameters`, `inputs` and `outputs` only',
        `body, byte ${reader.at}`,
      );
    }
  }

  #readOutputs(): string[] {
    const reader = this.#reader;
    const names: string[] = [];
    reader.openArray();
    while (reader.nextItem()) {
      const where = `outputs[${names.length}]`;
      if (names.length >= reader.limits.count)
        throw tooLarge(`there are at most ${reader.limits.count} outputs here`, where);
      let name: string | undefined;
      reader.openObject();
      for (let key = reader.nextKey(); key !== undefined; key = reader.nextKey()) {
        if (key === 'name') name = reader.text();
        else if (key === 'parameters') this.#readParameters('binary_data', where);
        else throw malformed('an output has `name` and `parameters` only', where);
      }
      if (name === undefined) throw malformed('an output has a `name`', where);
      if (names.includes(name)) throw malformed('an output is asked for twice', where);
      names.push(name);
    }
    return names;
  }

  /** @param flag the one that says how outputs come */
  #readParameters(flag: string, where: string): void {
    const reader = this.#reader;
    reader.openObject();
    for (let key = reader.nextKey(); key !== undefined; key = reader.nextKey()) {
      refuseSharedMemory(key, where);
      if (key === flag) reader.boolean();
      else reader.skip();
    }
  }
}
