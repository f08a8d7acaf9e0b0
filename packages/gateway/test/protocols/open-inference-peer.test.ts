import { describe, expect, it } from 'vitest';
import type { NamedTensor } from '../../src/protocols/inference.ts';
import { halfOf, widenHalves } from '../../src/protocols/open-inference/half-float.ts';
import { limits, protocol, type RecordedRequest, recorded, recordedHttp } from './open-inference-scene.ts';

const python = (text: string): number =>
  text === 'inf' ? Infinity : text === '-inf' ? -Infinity : text === 'nan' ? Number.NaN : Number(text);

function values({ datatype, data }: NamedTensor): unknown[] {
  const elements: unknown[] = [...(data as Iterable<unknown>)];
  return datatype.startsWith('INT') || datatype.startsWith('UINT') ? elements.map(String) : elements;
}

function expected({ datatype, values: written }: RecordedRequest['tensors'][number]): unknown[] {
  return datatype.startsWith('FP') ? written.map((value) => python(value as string)) : [...written];
}

function compare(request: RecordedRequest): void {
  const read = protocol.readRequest(recordedHttp(request), limits);
  expect(read.id).toBe('42');
  expect(read.outputs).toEqual(['scores']);
  expect(read.inputs.map(({ name, datatype, shape }) => ({ name, datatype, shape }))).toEqual(
    request.tensors.map(({ name, datatype, shape }) => ({ name, datatype, shape })),
  );
  for (const [at, tensor] of read.inputs.entries()) {
    expect(values(tensor)).toEqual(expected(request.tensors[at] as RecordedRequest['tensors'][number]));
  }
}

describe("a request of NVIDIA's client", () => {
  it('in JSON is read as NumPy has it', () => {
    compare(recorded.json);
  });

  it('in binary, all datatypes in one, is read as NumPy has it', () => {
    compare(recorded.binary);
  });

  it.each(recorded.single.map((request) => [request.tensors[0]?.datatype ?? '', request] as const))(
    'in binary, %s, is read as NumPy has it',
    (_, request) => {
      compare(request);
    },
  );
});

describe('16-bit floats', () => {
  it('are widened as NumPy widens them', () => {
    const bits = Uint16Array.from(recorded.halves.widened, ([half]) => half);
    expect([...widenHalves(bits)]).toEqual(recorded.halves.widened.map(([, value]) => python(value)));
  });

  it('are rounded to as NumPy rounds', () => {
    expect(recorded.halves.narrowed.map(([value]) => halfOf(python(value)))).toEqual(
      recorded.halves.narrowed.map(([, half]) => half),
    );
  });

  it('come back as they were', () => {
    const all = Uint16Array.from({ length: 65_536 }, (_, half) => half);
    const wide = widenHalves(all);
    for (const half of all) {
      if ((half & 0x7fff) <= 0x7c00) expect(halfOf(wide[half] as number)).toBe(half);
      else expect(wide[half]).toBeNaN();
    }
  });
});
