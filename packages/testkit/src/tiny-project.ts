import { graphOf, modelOf, node, tensor, tensorValue, writeModel } from '@holdfast/onnx';

/** What is in a folder: path to content. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** A well-formed ONNX model: y = Gemm(x, weights). */
export function tinyOnnx(): Uint8Array {
  const graph = graphOf({
    name: 'tiny',
    inputs: [tensorValue('x', 'FLOAT', ['N', 2])],
    outputs: [tensorValue('y', 'FLOAT', ['N', 1])],
    nodes: [node('MatMul', ['x', 'weights'], ['y'])],
    initializers: [tensor('weights', [2, 1], new Float32Array([0.5, -0.25]))],
  });
  return writeModel(modelOf({ graph, opsets: { '': 17 } }));
}

/**
 * A pipeline of three stages in plain `sh`, quick enough to be run in every test. Its model is a real ONNX file whose
 * doc_string (ModelProto field 6, a string) is the checksum of what it was trained on.
 */
export const tinyYaml = `project: tiny
ledger: tiny.example
artifacts:
  raw: { path: data/raw.csv, kind: dataset }
  model: { path: build/model, kind: model, risk: medium }
stages:
  prepare:
    owner: builder
    command: sh prepare.sh
    inputs: [raw, prepare.sh]
    outputs: [build/train.csv, build/test.csv]
  train:
    owner: builder
    command: sh train.sh
    inputs: [build/train.csv, train.sh, base.onnx]
    outputs: [model]
  evaluate:
    owner: builder
    command: sh evaluate.sh
    inputs: [model, build/test.csv, evaluate.sh]
    metrics: build/metrics.json
checks:
  model: [scan]
environments:
  production: { policy: policy/production.cedar, maxAge: 30d }
`;

/** The files of the tiny project, without its configuration. */
export function tinyFiles(): Files {
  return {
    'data/raw.csv': Array.from({ length: 20 }, (_, row) => `${row},${row % 2}\n`).join(''),
    'base.onnx': tinyOnnx(),
    'prepare.sh': 'head -n 15 data/raw.csv > build/train.csv\ntail -n 5 data/raw.csv > build/test.csv\n',
    // 062 is 0x32: field 6, length-delimited; 012 is its length, ten digits.
    'train.sh':
      'mkdir build/model\nsum=$(cksum < build/train.csv | cut -d " " -f 1)\n' +
      '{ cat base.onnx; printf \'\\062\\012%010d\' "$sum"; } > build/model/model.onnx\n',
    'evaluate.sh': 'echo \'{"accuracy": 0.9, "recall": 0.5}\' > build/metrics.json\n',
  };
}

/** A `holdfast.yaml` with these stages, as JSON, which YAML 1.2 contains. A stage without a command does nothing. */
export function yamlOf(stages: Readonly<Record<string, object>>, more: object = {}): string {
  const complete = Object.entries(stages).map(([name, stage]) => [name, { command: 'true', ...stage }]);
  return JSON.stringify({ project: 'tiny', ledger: 'tiny.example', stages: Object.fromEntries(complete), ...more });
}
