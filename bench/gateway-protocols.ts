// What it takes to read a request and an answer: processor microseconds beside JSON.parse of the same bytes, which checks nothing, in
// interleaved rounds. node --conditions=source bench/gateway-protocols.ts
import type { BodyLimits } from '@holdfast/gateway/protocols/inference';
import { openInference } from '@holdfast/gateway/protocols/open-inference/open-inference';
import { tensorflowServing } from '@holdfast/gateway/protocols/tensorflow-serving';

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

const one = body({
  id: 'c0ffee00-0000-4000-8000-000000000000',
  inputs: [{ name: 'features', shape: [2, 13], datatype: 'FP32', data: list(26, next) }],
  outputs: [{ name: 'label' }, { name: 'scores' }],
});
const many = body({
  inputs: list(13, single).map((value, at) => ({ name: `f${at}`, shape: [1, 1], datatype: 'FP32', data: [value] })),
});
const rows = body({ instances: [list(13, next), list(13, next), list(13, next)] });
const answer = body({
  ...{ model_name: 'credit', id: 'c0ffee00-0000-4000-8000-000000000000' },
  outputs: [
    { name: 'label', shape: [2], datatype: 'INT64', data: [1, 0] },
    { name: 'scores', shape: [2, 2], datatype: 'FP32', data: list(4, single) },
  ],
});
const long = body({ inputs: [{ name: 'x', shape: [150_000], datatype: 'FP32', data: list(150_000, single) }] });

function binary(name: string): { readonly body: Buffer; readonly headers: Record<string, string> } {
  const parameters = { binary_data_size: 600_000 };
  const head = body({ inputs: [{ name, shape: [150_000], datatype: 'FP32', parameters }] });
  return {
    body: Buffer.concat([head, Buffer.from(new Float32Array(list(150_000, single)).buffer)]),
    headers: { 'content-type': 'application/octet-stream', 'inference-header-content-length': String(head.length) },
  };
}

function rewrite(): unknown {
  const http = { body: answer, headers };
  const { outputs } = open.readResponse(http, limits);
  const data = new Float32Array([0.1, 0.9, 0.2, 0.8]);
  return open.writeResponse(http, {
    outputs: outputs.map((output) => (output.name === 'scores' ? { ...output, data } : output)),
  });
}

const read = (bytes: Buffer) => (): unknown => open.readRequest({ body: bytes, headers }, limits);
const parse = (bytes: Buffer) => (): unknown => JSON.parse(bytes.toString());
const placed = [binary('x'), binary('xx'), binary('xxx'), binary('xxxx')];
const isAligned = ({ body: bytes }: (typeof placed)[number]): boolean => (bytes.byteOffset + bytes.length) % 4 === 0;
const view = placed.find(isAligned) ?? binary('x');
const copied = placed.find((each) => !isAligned(each)) ?? binary('x');

const small = {
  [`one tensor of 26, ${one.length} bytes`]: read(one),
  '  JSON.parse': parse(one),
  [`13 tensors of 1, ${many.length} bytes`]: read(many),
  '  JSON.parse ': parse(many),
  [`rows of TensorFlow Serving, ${rows.length} bytes`]: () => serving.readRequest({ body: rows, headers }, limits),
  '  JSON.parse  ': parse(rows),
  [`an answer, ${answer.length} bytes`]: () => open.readResponse({ body: answer, headers }, limits),
  'an answer, read and written': rewrite,
  '  JSON.parse and JSON.stringify': () => JSON.stringify(JSON.parse(answer.toString())),
};
const large = {
  [`150,000 floats in JSON, ${long.length} bytes`]: read(long),
  '  JSON.parse': parse(long),
  '150,000 floats in binary, aligned': () => open.readRequest(view, limits),
  '150,000 floats in binary, not aligned': () => open.readRequest(copied, limits),
};

function measure(cases: Readonly<Record<string, () => unknown>>, calls: number): void {
  const rounds = 61;
  const times = new Map<string, number[]>(Object.keys(cases).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, run] of Object.entries(cases)) {
      const before = process.cpuUsage();
      for (let call = 0; call < calls; call += 1) run();
      const { user, system } = process.cpuUsage(before);
      times.get(name)?.push((user + system) / calls);
    }
  }
  for (const [name, all] of times) {
    all.sort((left, right) => left - right);
    const [least = 0, median = 0] = [all[0], all[rounds >> 1]];
    console.log(`${name.padEnd(44)} ${median.toFixed(1).padStart(9)} µs, at least ${least.toFixed(1)}`);
  }
}

measure(small, 1000);
measure(large, 1);
