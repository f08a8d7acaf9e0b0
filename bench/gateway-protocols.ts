/**
 * What it takes to read a request and an answer: processor microseconds beside JSON.parse of the same bytes, which checks nothing, in
 * interleaved rounds.
 */
import type { BodyLimits } from '@holdfast/gateway/protocols/inference';
import { openInference } from '@holdfast/gateway/protocols/open-inference/open-inference';
import { tensorflowServing } from '@holdfast/gateway/protocols/tensorflow-serving';
import type { BenchResult, BenchRow } from '../tools/bench-tables.ts';

const limits: BodyLimits = { elements: 1_000_000, depth: 32, count: 256 };
const headers = { 'content-type': 'application/json' };
const open = openInference({ served: 'credit' });
const serving = tensorflowServing({ served: 'credit' });

let state = 1;
/** The same numbers each time: those of Park and Miller. */
const next = (): number => {
  state = (state * 48_271) % 2_147_483_647;
  return state / 2_147_483_647;
};
const single = (): number => Number(next().toPrecision(9));
const list = (length: number, element: () => number): number[] => Array.from({ length }, element);
const body = (json: unknown): Buffer => Buffer.from(JSON.stringify(json));

function binary(name: string): { readonly body: Buffer; readonly headers: Record<string, string> } {
  const parameters = { binary_data_size: 600_000 };
  const head = body({ inputs: [{ name, shape: [150_000], datatype: 'FP32', parameters }] });
  return {
    body: Buffer.concat([head, Buffer.from(new Float32Array(list(150_000, single)).buffer)]),
    headers: { 'content-type': 'application/octet-stream', 'inference-header-content-length': String(head.length) },
  };
}

const rewrite = (answer: Buffer) => (): unknown => {
  const http = { body: answer, headers };
  const { outputs } = open.readResponse(http, limits);
  const data = new Float32Array([0.1, 0.9, 0.2, 0.8]);
  return open.writeResponse(http, {
    outputs: outputs.map((output) => (output.name === 'scores' ? { ...output, data } : output)),
  });
};

const read = (bytes: Buffer) => (): unknown => open.readRequest({ body: bytes, headers }, limits);
const parse = (bytes: Buffer) => (): unknown => JSON.parse(bytes.toString());
type Cases = Readonly<Record<string, () => unknown>>;

function small(): Cases {
  const one = body({
    id: 'c0ffee00-0000-4000-8000-000000000000',
    inputs: [{ name: 'features', shape: [2, 13], datatype: 'FP32', data: list(26, next) }],
    outputs: [{ name: 'label' }, { name: 'scores' }],
  });
  const many = body({
    inputs: list(13, single).map((value, at) => ({ name: `f${at}`, shape: [1, 1], datatype: 'FP32', data: [value] })),
  });
  const rows = body({ instances: [list(13, next), list(13, next), list(13, next)] });
  return {
    [`one tensor of 26, ${one.length} bytes`]: read(one),
    [`${parsed} it`]: parse(one),
    [`13 tensors of 1, ${many.length} bytes`]: read(many),
    [`${parsed} them`]: parse(many),
    [`rows of TensorFlow Serving, ${rows.length} bytes`]: () => serving.readRequest({ body: rows, headers }, limits),
    [`${parsed} these rows`]: parse(rows),
    ...answers(),
  };
}

const parsed = 'JSON.parse of';

function answers(): Cases {
  const answer = body({
    ...{ model_name: 'credit', id: 'c0ffee00-0000-4000-8000-000000000000' },
    outputs: [
      { name: 'label', shape: [2], datatype: 'INT64', data: [1, 0] },
      { name: 'scores', shape: [2, 2], datatype: 'FP32', data: list(4, single) },
    ],
  });
  return {
    [`an answer, ${answer.length} bytes`]: () => open.readResponse({ body: answer, headers }, limits),
    'an answer, read and written': rewrite(answer),
    'JSON.parse and JSON.stringify of it': () => JSON.stringify(JSON.parse(answer.toString())),
  };
}

function large(): Cases {
  const long = body({ inputs: [{ name: 'x', shape: [150_000], datatype: 'FP32', data: list(150_000, single) }] });
  const placed = ['x', 'xx', 'xxx', 'xxxx'].map(binary);
  const isAligned = ({ body: bytes }: (typeof placed)[number]): boolean => (bytes.byteOffset + bytes.length) % 4 === 0;
  const view = placed.find(isAligned) ?? binary('x');
  const copied = placed.find((each) => !isAligned(each)) ?? binary('x');
  return {
    [`150,000 floats in JSON, ${long.length} bytes`]: read(long),
    [`${parsed} these`]: parse(long),
    '150,000 floats in binary, aligned': () => open.readRequest(view, limits),
    '150,000 floats in binary, not aligned': () => open.readRequest(copied, limits),
  };
}

const rounds = 61;

function measured(cases: Cases, calls: number): BenchRow[] {
  const times = new Map<string, number[]>(Object.keys(cases).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, each] of Object.entries(cases)) {
      const before = process.cpuUsage();
      for (let call = 0; call < calls; call += 1) each();
      const { user, system } = process.cpuUsage(before);
      times.get(name)?.push((user + system) / calls);
    }
  }
  return [...times].map(([what, all]) => {
    all.sort((left, right) => left - right);
    const [least = 0, median = 0] = [all[0], all[rounds >> 1]];
    return { what, 'CPU µs, median': median.toFixed(1), least: least.toFixed(1) };
  });
}

/** Runs the benchmark: ten seconds. */
export function run(): BenchResult {
  return { name: 'gateway-protocols', rows: [...measured(small(), 1000), ...measured(large(), 1)] };
}
