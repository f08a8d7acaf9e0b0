import { GatewayError } from '../errors.ts';
import type { BodyLimits, HttpBody, InferenceRequest, Protocol } from './inference.ts';
import { InferredProtocol } from './inferred/inferred-protocol.ts';
import type { PlacedValues } from './inferred/inferred-tensor.ts';
import { NamedValues } from './inferred/named-values.ts';
import { JsonReader } from './json/json-reader.ts';
import { malformed } from './malformed.ts';
import { requireJson } from './media-type.ts';
import { rowsOf } from './rows.ts';

/** A tensor by the place of its value in a body. */
export interface PointedTensor {
  readonly name: string;
  /** RFC 6901: `/features`, `/rows/0/x`; the empty text is the whole body. */
  readonly pointer: string;
}

export interface JsonPointersOptions {
  /** Where a prediction is asked for, below the route. */
  readonly path: string;
  readonly inputs: readonly PointedTensor[];
  /** Instead of `inputs`: a list of rows, each an object with a value for each input, or a value of the only one. */
  readonly rows?: { readonly pointer: string; readonly input: string };
  readonly outputs: readonly PointedTensor[];
  /** Paths of GET that say whether the server lives. */
  readonly live?: readonly string[];
}

/** A step of pointers: what lies behind each key or place, or the tensor that stands here. */
interface Step {
  readonly next: Map<string, Step>;
  name: string | undefined;
}

/**
 * A model server that takes and answers JSON of its own: tensors stand at declared places, everything else is passed on.
 *
 * @throws GatewayError HF_GATEWAY_CONFIGURATION for pointers that are none, or that lead into each other
 */
export function jsonPointers({ path, inputs, rows, outputs, live = [] }: JsonPointersOptions): Protocol {
  if (rows !== undefined && inputs.length > 0) throw configuration('a request has inputs or rows', 'json');
  const asked = steps(rows === undefined ? inputs : [{ name: rows.input, pointer: rows.pointer }]);
  const answered = steps(outputs);
  return new InferredProtocol({
    name: 'json',
    posts: { [path]: 'infer' },
    gets: Object.fromEntries(live.map((one) => [one, 'live'])),
    answersNonFinite: false,
    readRequest: (http, limits) => readRequest(http, limits, asked, { inputs, rows }),
    readOutputs: (reader) => new Pointed(reader, answered, true).read(outputs),
  });
}

function readRequest(
  { body, headers }: HttpBody,
  limits: BodyLimits,
  asked: Step,
  { inputs: declared, rows }: Pick<JsonPointersOptions, 'inputs'> & { readonly rows: JsonPointersOptions['rows'] },
): InferenceRequest {
  requireJson(headers);
  const pointed = new Pointed(new JsonReader(body, limits), asked, false);
  const placed = rows === undefined ? pointed.read(declared) : pointed.readRows(rows);
  const inputs = placed.map(({ tensor }) => tensor);
  return { inputs, rows: rowsOf(inputs) };
}

class Pointed {
  readonly #reader: JsonReader;
  readonly #root: Step;
  #values: NamedValues;
  readonly #found = new Map<string, PlacedValues>();
  #rows: { readonly pointer: string; found: readonly PlacedValues[] } | undefined;

  constructor(reader: JsonReader, root: Step, keepsPlaces: boolean) {
    this.#reader = reader;
    this.#root = root;
    this.#values = new NamedValues(reader, { unnamed: '', keepsPlaces });
  }

  /** Every declared tensor, in the order of the declaration. */
  read(declared: readonly PointedTensor[]): PlacedValues[] {
    this.#walk(this.#root);
    this.#reader.end();
    return declared.map(({ name, pointer }) => {
      const found = this.#found.get(name);
      if (found === undefined) throw malformed('there is nothing at a declared place', pointer);
      return found;
    });
  }

  /** The tensors of the rows at a declared place. */
  readRows({ pointer, input }: NonNullable<JsonPointersOptions['rows']>): readonly PlacedValues[] {
    const rows = { pointer, found: [] as readonly PlacedValues[] };
    this.#rows = rows;
    this.#values = new NamedValues(this.#reader, { unnamed: input });
    this.#walk(this.#root);
    this.#reader.end();
    if (rows.found.length === 0) throw malformed('there is nothing at a declared place', pointer);
    return rows.found;
  }

  #walk(step: Step): void {
    const reader = this.#reader;
    const code = reader.peek();
    if (step.name !== undefined && this.#rows !== undefined) {
      this.#rows.found = this.#values.rows(this.#rows.pointer);
    } else if (step.name !== undefined) {
      const tensor = this.#values.tensor();
      tensor.append(reader);
      this.#found.set(step.name, tensor.only(step.name));
    } else if (code === 0x7b) {
      reader.openObject();
      for (let key = reader.nextKey(); key !== undefined; key = reader.nextKey()) this.#next(step, key);
    } else if (code === 0x5b) {
      let place = 0;
      reader.openArray();
      for (; reader.nextItem(); place += 1) this.#next(step, String(place));
    } else reader.skip();
  }

  #next(step: Step, key: string): void {
    const next = step.next.get(key);
    if (next === undefined) this.#reader.skip();
    else this.#walk(next);
  }
}

const pointerForm = /^(?:\/(?:[^/~]|~[01])*)*$/;

function steps(tensors: readonly PointedTensor[]): Step {
  const root: Step = { next: new Map(), name: undefined };
  const names = new Set<string>();
  for (const { name, pointer } of tensors) {
    if (!pointerForm.test(pointer)) throw configuration('a JSON pointer is like `/rows/0/x` (RFC 6901)', pointer);
    if (names.has(name)) throw configuration('two tensors have one name', name);
    names.add(name);
    let step = root;
    for (const token of pointer.split('/').slice(1)) {
      if (step.name !== undefined) throw configuration('a JSON pointer leads into another one', pointer);
      const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
      let next = step.next.get(key);
      if (next === undefined) {
        next = { next: new Map(), name: undefined };
        step.next.set(key, next);
      }
      step = next;
    }
    if (step.name !== undefined || step.next.size > 0) {
      throw configuration('a JSON pointer leads into another one', pointer);
    }
    step.name = name;
  }
  if (names.size === 0) throw configuration('a protocol of plain JSON declares its tensors', 'json');
  return root;
}

const configuration = (message: string, where: string): GatewayError =>
  new GatewayError('HF_GATEWAY_CONFIGURATION', message, { where });
