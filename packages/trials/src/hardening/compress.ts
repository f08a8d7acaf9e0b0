import { resolve } from 'node:path';
import { type ArtifactDigest, digestArtifact } from '@holdfast/evidence/digest/artifact';
import { readModel, writeModel } from '@holdfast/onnx';
import type { Samples } from '../attacks/attack.ts';
import { rowsOf } from '../attacks/rows.ts';
import { type OnnxVictim, openVictim } from '../onnx-victim.ts';
import { samplesOf } from '../session-values.ts';
import type { CompressionOptions, pruneOptions, quantiseOptions } from './compression-options.ts';
import { prune } from './prune.ts';
import { quantise } from './quantise.ts';
import { sparselyStored } from './sparse-storage.ts';
import { trainingSamples } from './training-samples.ts';

/** A smaller model, and what became of its layers. */
export interface Compressed<Layer> {
  readonly bytes: Uint8Array;
  readonly layers: readonly Layer[];
  /** Layers that stay as they are, and why. */
  readonly left: readonly { readonly layer: string; readonly operator: string; readonly why: string }[];
  /** What to measure with; absent where no samples were named. */
  readonly measuredOn?: Samples;
  /** Digests of the samples, by the name of the option. */
  readonly samples: Readonly<Record<string, ArtifactDigest['digests']>>;
}

/** Where samples lie. */
export interface CompressSurroundings {
  /** Where their paths start; the working directory unless given. */
  readonly folder?: string;
}

/**
 * Prunes an ONNX file, and reads what it is to be measured with.
 * @throws TrialsError, DatasetError, EvidenceError, OnnxError, InferenceError
 */
export async function pruneFile(
  bytes: Uint8Array,
  options: ReturnType<typeof pruneOptions>,
  where: CompressSurroundings = {},
): Promise<Compressed<ReturnType<typeof prune>['layers'][number]>> {
  const { measuredOn, samples } = await samplesFor(bytes, options, where);
  const { model, layers, left } = prune(readModel(bytes), options);
  const stored = options.sparse ? sparselyStored(model) : model;
  return { bytes: writeModel(stored), layers, left, samples, ...(measuredOn === undefined ? {} : { measuredOn }) };
}

/**
 * Quantises an ONNX file to eight bits, calibrated on the first rows of its samples.
 * @throws TrialsError, DatasetError, EvidenceError, OnnxError, InferenceError
 */
export async function quantiseFile(
  bytes: Uint8Array,
  options: ReturnType<typeof quantiseOptions>,
  where: CompressSurroundings = {},
): Promise<Compressed<Awaited<ReturnType<typeof quantise>>['layers'][number]>> {
  const { measuredOn, samples, data, victim } = await samplesFor(bytes, options, where);
  const rows = Math.min(options.rows, data?.labels.length ?? 0);
  const feeds = Array.from({ length: Math.ceil(rows / rowsAtOnce) }, (_, batch) => {
    const places = Array.from(
      { length: Math.min(rowsAtOnce, rows - batch * rowsAtOnce) },
      (__, row) => batch * rowsAtOnce + row,
    );
    const part = rowsOf(data ?? { x: new Float32Array(), labels: new Int32Array() }, places, victim.size);
    return { [victim.input]: samplesOf(part.x, victim.dims) };
  });
  const { model, layers, left } = await quantise(readModel(bytes), feeds, options);
  return { bytes: writeModel(model), layers, left, samples, ...(measuredOn === undefined ? {} : { measuredOn }) };
}

const rowsAtOnce = 64;

async function samplesFor(bytes: Uint8Array, options: CompressionOptions, { folder = '.' }: CompressSurroundings) {
  const victim = await openVictim(bytes, options);
  await victim.release();
  const { size, classes } = victim;
  const bounds = options.threat?.bounds ?? { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  const read = async (name: string | undefined) => {
    if (name === undefined) return undefined;
    const path = resolve(folder, name);
    const { digests } = await digestArtifact(path);
    return { samples: await trainingSamples(path, name, { size, classes, bounds, label: options.label }), digests };
  };
  const [data, test] = [await read(options.data), await read(options.test)];
  const samples = {
    ...(data === undefined ? {} : { data: data.digests }),
    ...(test === undefined ? {} : { test: test.digests }),
  };
  return { victim: described(victim), data: data?.samples, measuredOn: (test ?? data)?.samples, samples };
}

function described({ input, dims, size }: OnnxVictim) {
  return { input, dims, size };
}
