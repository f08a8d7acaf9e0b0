import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { graphOf, modelOf, node, type Tensor, tensorValue, writeModel } from '@holdfast/onnx';
import { randomOf } from '@holdfast/statistics';
import { expect, it } from 'vitest';
import { memoryFactor } from '../../src/model-file.ts';

const root = mkdtempSync(join(tmpdir(), 'holdfast-large-'));
const layers = 5;

/** A folder with a model of five different matrices [side, side], which lie beside it. */
function modelOfSide(side: number): string {
  const folder = join(root, String(side));
  mkdirSync(folder);
  const file = openSync(join(folder, 'weights.bin'), 'w');
  const random = randomOf('large');
  // The same numbers in every matrix would be packed once; so each has its own size of them.
  const rows = Array.from({ length: 64 }, () =>
    Float32Array.from({ length: side }, () => (random.uniform() - 0.5) / side),
  );
  for (let row = 0; row < side * layers; row += 1) {
    const scale = 1 + row / side;
    const line = (rows[row % rows.length] ?? new Float32Array(side)).map((value) => value * scale);
    writeSync(file, new Uint8Array(line.buffer));
  }
  closeSync(file);
  const length = 4 * side * side;
  const beside = (layer: number): Tensor => ({
    ...{ name: `w${layer}`, dataType: 'FLOAT', dims: [side, side] },
    content: { kind: 'external', data: { location: 'weights.bin', offset: layer * length, length } },
  });
  const name = (layer: number) => (layer === 0 ? 'x' : layer === layers ? 'y' : `h${layer}`);
  const graph = graphOf({
    name: 'large',
    inputs: [tensorValue('x', 'FLOAT', ['N', side])],
    outputs: [tensorValue('y', 'FLOAT', ['N', side])],
    nodes: Array.from({ length: layers }, (_, layer) => node('MatMul', [name(layer), `w${layer}`], [name(layer + 1)])),
    initializers: Array.from({ length: layers }, (_, layer) => beside(layer)),
  });
  writeFileSync(join(folder, 'model.onnx'), writeModel(modelOf({ graph, opsets: { '': 18 } })));
  return folder;
}

function peakOf(side: number): number {
  const script = join(import.meta.dirname, 'open-large.ts');
  const flags = ['--conditions=source', '--disable-warning=ExperimentalWarning'];
  return Number(
    execFileSync(process.execPath, [...flags, script, modelOfSide(side), String(side)], { encoding: 'utf8' }),
  );
}

it('a model of 320 MB and its gradient take as much memory as is said before they are opened', (context) => {
  if (process.platform !== 'linux') context.skip('needs /proc/self/status');
  try {
    const [little, much] = [peakOf(16), peakOf(4096)];
    const factor = (much - little) / (4 * 4096 * 4096 * layers);
    console.log(
      `peak ${Math.round(much / 2 ** 20)} MiB, ${factor.toFixed(2)} times the weights beyond ${Math.round(little / 2 ** 20)} MiB`,
    );
    expect(factor).toBeLessThan(memoryFactor);
  } finally {
    rmSync(root, { recursive: true });
  }
}, 600_000);
