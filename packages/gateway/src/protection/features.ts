import { GatewayError } from '../errors.ts';
import type { InferenceRequest, NamedTensor } from '../protocols/inference.ts';
import type { InputSchema } from './schema/input-schema.ts';

/** Where a feature stands in requests. Plain JSON. */
export interface FeatureSource {
  readonly feature: string;
  readonly input: string;
  /** The element of a row of that input. */
  readonly at: number;
  /** The number of each text; a text without one, and an empty one, is NaN. */
  readonly codes?: Readonly<Record<string, number>>;
}

/** Rows of a request as numbers. One after the other: it remembers the request that it was given. */
export interface FeatureReader {
  readonly width: number;
  /** Finds the tensors of a request; false where it has not all of them, in as many rows as it says. */
  open(request: InferenceRequest): boolean;
  /** Writes a row of the request that was opened. */
  read(row: number, into: Float64Array): void;
}

/**
 * All features of a schema, in its order.
 * @param codes of features that are texts, by the name of the feature
 * @throws GatewayError HF_GATEWAY_CONFIGURATION where the number of features is not fixed
 */
export function featureSources(
  { inputs, features }: InputSchema,
  codes: Readonly<Record<string, Readonly<Record<string, number>>>> = {},
): FeatureSource[] {
  return inputs.flatMap(({ name, shape, datatype }, place) => {
    const width = (shape?.slice(1) ?? [null]).reduce<number>(
      (product, size) => product * Number(size ?? Number.NaN),
      1,
    );
    if (!Number.isSafeInteger(width)) throw wrong(`how many features the input \`${name}\` has is not fixed`);
    return Array.from({ length: width }, (_, at) => {
      const named = features.find((each) => each.input === place && each.at === at)?.feature;
      const feature = named ?? (width === 1 ? name : `${name}[${at}]`);
      const of = Object.hasOwn(codes, feature) ? codes[feature] : undefined;
      if (datatype === 'BYTES' && of === undefined) throw wrong(`the feature \`${feature}\` is a text without codes`);
      return { feature, input: name, at, ...(of === undefined ? {} : { codes: of }) };
    });
  });
}

/** @throws GatewayError HF_GATEWAY_CONFIGURATION for no features */
export function featureReader(sources: readonly FeatureSource[]): FeatureReader {
  if (sources.length === 0) throw wrong('there are no features');
  const places = placesOf(sources);
  // The usual case: all of one input, in its order.
  const isMatrix =
    places.names.length === 1 && sources.every(({ at, codes }, index) => at === index && codes === undefined);
  return {
    width: sources.length,
    open: (request) => openTensors(places, request),
    read(row, into) {
      const data = isMatrix ? places.tensors[0]?.data : undefined;
      if (data instanceof Float32Array || data instanceof Float64Array) {
        const start = row * (places.strides[0] as number);
        for (let index = 0; index < into.length; index += 1) into[index] = data[start + index] as number;
      } else readPlaces(places, row, into);
    },
  };
}

/** Inputs, and the one and the element of it of each feature. */
interface Places {
  readonly names: readonly string[];
  readonly leastWidths: readonly number[];
  readonly inputOf: Int32Array;
  readonly at: Int32Array;
  readonly codes: readonly (ReadonlyMap<string, number> | undefined)[];
  /** Of the request that was opened: the tensor of each input, and its elements of a row. */
  readonly tensors: (NamedTensor | undefined)[];
  readonly strides: Int32Array;
}

function placesOf(sources: readonly FeatureSource[]): Places {
  const names = [...new Set(sources.map(({ input }) => input))];
  const leastWidths = names.map((name) =>
    sources.reduce((most, { input, at }) => (input === name ? Math.max(most, at + 1) : most), 0),
  );
  return {
    ...{ names, leastWidths },
    inputOf: Int32Array.from(sources, ({ input }) => names.indexOf(input)),
    at: Int32Array.from(sources, (source) => source.at),
    codes: sources.map((source) => source.codes && new Map(Object.entries(source.codes))),
    tensors: new Array<NamedTensor | undefined>(names.length),
    strides: new Int32Array(names.length),
  };
}

function openTensors({ names, leastWidths, tensors, strides }: Places, { inputs, rows }: InferenceRequest): boolean {
  for (let place = 0; place < names.length; place += 1) {
    const there = inputs[place];
    const tensor = there?.name === names[place] ? there : inputs.find(({ name }) => name === names[place]);
    const stride = tensor === undefined ? 0 : tensor.data.length / rows;
    if (tensor === undefined || !Number.isInteger(stride) || stride < (leastWidths[place] ?? 0)) return false;
    tensors[place] = tensor;
    strides[place] = stride;
  }
  return true;
}

function readPlaces({ inputOf, at, codes, tensors, strides }: Places, row: number, into: Float64Array): void {
  for (let index = 0; index < inputOf.length; index += 1) {
    const place = inputOf[index] as number;
    const value = tensors[place]?.data[row * (strides[place] as number) + (at[index] as number)];
    into[index] = typeof value === 'number' ? value : asNumber(value, codes[index]);
  }
}

function asNumber(value: bigint | string | undefined, codes: ReadonlyMap<string, number> | undefined): number {
  if (typeof value === 'bigint') return Number(value);
  return value === undefined ? Number.NaN : (codes?.get(value) ?? Number.NaN);
}

/**
 * A number for each text of a column, by how rare it is: −log₂ of its share, as bits of surprise. Distances between them mean that one is
 * rarer than the other.
 */
export function surprisals(texts: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return Object.fromEntries([...counts].map(([text, count]) => [text, -Math.log2(count / texts.length)]));
}

const wrong = (message: string): GatewayError => new GatewayError('HF_GATEWAY_CONFIGURATION', message);
