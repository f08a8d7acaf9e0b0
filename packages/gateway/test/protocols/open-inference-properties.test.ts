import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/errors.ts';
import type { Datatype, Elements, HttpBody } from '../../src/protocols/inference.ts';
import { binary, json, limits, protocol, recorded, recordedHttp } from './open-inference-scene.ts';

const whole = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });
const float32 = fc.float({ noNaN: true, noDefaultInfinity: true });
const float64 = fc.double({ noNaN: true, noDefaultInfinity: true });

interface Kind {
  readonly element: fc.Arbitrary<unknown>;
  readonly of: (elements: never[]) => Elements;
}

const kinds: Readonly<Partial<Record<Datatype, Kind>>> = {
  UINT8: { element: whole(0, 255), of: (elements) => new Uint8Array(elements) },
  UINT16: { element: whole(0, 65_535), of: (elements) => new Int32Array(elements) },
  UINT32: { element: whole(0, 4_294_967_295), of: (elements) => new Float64Array(elements) },
  INT8: { element: whole(-128, 127), of: (elements) => new Int32Array(elements) },
  INT16: { element: whole(-32_768, 32_767), of: (elements) => new Int32Array(elements) },
  INT32: { element: whole(-(2 ** 31), 2 ** 31 - 1), of: (elements) => new Int32Array(elements) },
  FP32: { element: float32, of: (elements) => new Float32Array(elements) },
  FP64: { element: float64, of: (elements) => new Float64Array(elements) },
  INT64: {
    element: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    of: (elements) => new BigInt64Array(elements),
  },
  UINT64: { element: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), of: (elements) => new BigUint64Array(elements) },
  BYTES: { element: fc.string({ unit: 'binary' }), of: (elements) => elements },
};

const tensor = fc.constantFrom(...(Object.keys(kinds) as (keyof typeof kinds)[])).chain((datatype) => {
  const { element, of } = kinds[datatype] as Kind;
  const shape = fc.array(whole(0, 3), { maxLength: 3 });
  return shape.chain((dimensions) => {
    const size = dimensions.reduce((product, one) => product * one, 1);
    const elements = (): fc.Arbitrary<Elements> =>
      fc.array(element, { minLength: size, maxLength: size }).map((made) => of(made as never[]));
    return fc.record({
      datatype: fc.constant(datatype),
      shape: fc.constant(dimensions),
      data: elements(),
      other: elements(),
    });
  });
});

/** JSON of elements by the engine's own writer. */
const written = (data: Elements): string =>
  `[${[...(data as Iterable<unknown>)].map((one) => (typeof one === 'bigint' ? `${one}` : Object.is(one, -0) ? '-0' : JSON.stringify(one))).join()}]`;

const bytesOf: Readonly<Partial<Record<Datatype, new (elements: never) => NodeJS.TypedArray>>> = {
  ...{ UINT16: Uint16Array, UINT32: Uint32Array, INT8: Int8Array, INT16: Int16Array },
};

function binaryOf(datatype: Datatype, data: Elements): Buffer {
  if (datatype === 'BYTES') {
    return Buffer.concat(
      (data as readonly string[]).map((one) => {
        const element = Buffer.from(one);
        return Buffer.concat([Buffer.from(new Uint32Array([element.length]).buffer), element]);
      }),
    );
  }
  const Array = bytesOf[datatype];
  const { buffer } = Array === undefined ? (data as Float32Array) : new Array(data as never);
  return Buffer.from(buffer as ArrayBuffer);
}

describe('tensors', () => {
  it('are read as they were written, flat, in JSON', () => {
    fc.assert(
      fc.property(tensor, ({ datatype, shape, data }) => {
        const head = JSON.stringify({ name: 'a', shape, datatype });
        const http = json(`{"inputs":[${head.slice(0, -1)},"data":${written(data)}}]}`);
        expect(protocol.readRequest(http, limits).inputs).toEqual([{ name: 'a', shape, datatype, data }]);
      }),
    );
  });

  it('are read as they were written, in binary', () => {
    fc.assert(
      fc.property(tensor, ({ datatype, shape, data }) => {
        const bytes = binaryOf(datatype, data);
        const parameters = { binary_data_size: bytes.length };
        const http = binary({ inputs: [{ name: 'a', shape, datatype, parameters }] }, bytes);
        expect(protocol.readRequest(http, limits).inputs).toEqual([{ name: 'a', shape, datatype, data }]);
      }),
    );
  });

  it('are read in an answer as they were put there, flat, nested and in binary', () => {
    fc.assert(
      fc.property(tensor, fc.constantFrom('flat', 'nested', 'binary'), ({ datatype, shape, data, other }, form) => {
        const before = answer(form, { datatype, shape, data });
        const { outputs } = protocol.readResponse(before, limits);
        expect(outputs).toEqual([{ name: 'a', shape, datatype, data }]);
        const after = protocol.writeResponse(before, { outputs: outputs.map((each) => ({ ...each, data: other })) });
        expect(protocol.readResponse(after, limits).outputs).toEqual([{ name: 'a', shape, datatype, data: other }]);
      }),
    );
  });
});

function answer(
  form: string,
  { datatype, shape, data }: { datatype: Datatype; shape: readonly number[]; data: Elements },
): HttpBody {
  const head = { name: 'a', shape, datatype };
  if (form === 'binary') {
    const bytes = binaryOf(datatype, data);
    return binary({ outputs: [{ ...head, parameters: { binary_data_size: bytes.length } }] }, bytes);
  }
  const elements =
    written(data).slice(1, -1) === ''
      ? []
      : [...(data as Iterable<unknown>)].map((one) => written([one] as never).slice(1, -1));
  const text = form === 'flat' || shape.length === 0 ? `[${elements.join()}]` : nested(elements, shape);
  return json(`{"outputs":[${JSON.stringify(head).slice(0, -1)},"data":${text}}]}`);
}

function nested(elements: readonly string[], [length = 0, ...rest]: readonly number[]): string {
  if (rest.length === 0) return `[${elements.join()}]`;
  const step = rest.reduce((product, one) => product * one, 1);
  return `[${Array.from({ length }, (_, at) => nested(elements.slice(at * step, (at + 1) * step), rest)).join()}]`;
}

describe('random bytes', () => {
  const seeds = [
    recordedHttp(recorded.json),
    recordedHttp(recorded.binary),
    json({
      id: '1',
      inputs: [
        {
          name: 'a',
          shape: [2, 2],
          datatype: 'FP32',
          data: [
            [1.5, 2],
            [-3, 4],
          ],
        },
      ],
    }),
    binary(
      { outputs: [{ name: 'a', shape: [1], datatype: 'BYTES', parameters: { binary_data_size: 5 } }] },
      Buffer.from([1, 0, 0, 0, 65]),
    ),
  ];
  const change = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    byte: whole(0, 255),
    kind: fc.constantFrom('set', 'cut', 'insert', 'remove'),
  });

  it('are refused by a code or understood, never anything else', () => {
    fc.assert(
      fc.property(fc.constantFrom(...seeds), fc.array(change, { minLength: 1, maxLength: 4 }), (http, changes) => {
        let body = Buffer.from(http.body);
        for (const { at, byte, kind } of changes) {
          const place = Math.floor(at * body.length);
          if (kind === 'set') body[place] = byte;
          else if (kind === 'cut') body = body.subarray(0, place);
          else
            body = Buffer.concat([
              body.subarray(0, place),
              ...(kind === 'insert' ? [Buffer.from([byte])] : []),
              body.subarray(kind === 'insert' ? place : place + 1),
            ]);
        }
        const changed = { body, headers: http.headers };
        for (const read of ['readRequest', 'readResponse'] as const) {
          try {
            protocol[read](changed, limits);
          } catch (error) {
            expect(error).toBeInstanceOf(GatewayError);
          }
        }
      }),
      { numRuns: 5000 },
    );
  });
});
