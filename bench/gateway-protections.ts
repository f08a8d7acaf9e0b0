/** Processor time of the gateway's protections for one row, interleaved: medians of 9 rounds. */
import { anomalyProtection } from '@holdfast/gateway/protection/anomaly/anomaly-protection';
import { fitAnomaly } from '@holdfast/gateway/protection/anomaly/fit-anomaly';
import { evasionProtection } from '@holdfast/gateway/protection/evasion/evasion-protection';
import { fitEvasion } from '@holdfast/gateway/protection/evasion/fit-evasion';
import { extractionProtection } from '@holdfast/gateway/protection/extraction/extraction-protection';
import { fitExtraction } from '@holdfast/gateway/protection/extraction/fit-extraction';
import { hardening } from '@holdfast/gateway/protection/hardening/hardening';
import type { InputSchema } from '@holdfast/gateway/protection/schema/input-schema';
import { schemaProtection } from '@holdfast/gateway/protection/schema/schema-protection';
import type { InferenceRequest, InferenceResponse } from '@holdfast/gateway/protocols/inference';
import { quantile, type Random, randomOf } from '@holdfast/statistics';
import type { BenchResult, BenchRow } from '../tools/bench-tables.ts';

const caller = { id: 'key:bench', name: 'bench', roles: [], tenant: 'bench' };
const many = 2000;
const rounds = 9;

/** Half of the features hang together, some have few values. */
function rowOf(random: Random, width: number): number[] {
  const common = random.normal();
  return Array.from({ length: width }, (_, at) =>
    at % 4 === 3 ? random.integer(8) : at % 2 === 0 ? common + random.normal() : random.normal(),
  );
}

interface Asked {
  readonly request: InferenceRequest;
  readonly response: InferenceResponse;
}

function askedOf(random: Random, width: number): Asked {
  const data = Float32Array.from(rowOf(random, width));
  const p = random.uniform();
  const scores = {
    name: 'p',
    datatype: 'FP32',
    shape: [1, 4],
    data: Float32Array.of(p / 2, (1 - p) / 2, 0.3, 0.2),
  } as const;
  return {
    request: { inputs: [{ name: 'x', datatype: 'FP32', shape: [1, width], data }], rows: 1 },
    response: { outputs: [scores] },
  };
}

function stepsOf(width: number): Readonly<Record<string, (asked: Asked) => unknown>> {
  const random = randomOf(`rows ${width}`);
  const features = Array.from({ length: width }, (_, at) => `f${at}`);
  const sources = features.map((feature, at) => ({ feature, input: 'x', at }));
  const matrix = (rows: number) => ({
    ...{
      rows,
      columns: width,
      values: Float64Array.from(Array.from({ length: rows }, () => rowOf(random, width)).flat(), Math.fround),
    },
  });
  const train = matrix(2000);
  const held = matrix(1000);
  const answers = {
    classes: new Array<number>(1000).fill(0).map((_, at) => at % 4),
    margins: new Array<number>(1000).fill(0.3),
  };
  const bounds = features.map((feature, at) => ({
    feature,
    input: 0,
    at,
    least: -9,
    greatest: 9,
    isWhole: at % 4 === 3,
    mayBeMissing: false,
  }));
  const schema: InputSchema = {
    inputs: [{ name: 'x', datatype: 'FP32', shape: ['N', width] }],
    features: bounds,
    left: [],
  };
  const inSchema = schemaProtection(schema);
  const anomaly = anomalyProtection(fitAnomaly(train, { features, falseAlarms: 0.001, heldOut: held }), sources);
  const evasion = evasionProtection(fitEvasion(train, { features }), { sources });
  const state = fitExtraction(train, { features, heldOut: { ...held, ...answers }, steps: 300 });
  const extraction = extractionProtection(state, {
    sources,
    output: 'p',
    holds: 'probabilities',
    random: randomOf('ties'),
  });
  const harden = hardening({ output: 'p', holds: 'probabilities', topK: 2, decimals: 2 });
  return {
    schema: ({ request }) => inSchema.judge(request, caller, 0),
    anomaly: ({ request }) => anomaly.judge(request, caller, 0),
    evasion: ({ request }) => evasion.judge(request, caller, 0),
    extraction: ({ request, response }) => extraction.observe(request, response, caller, 0),
    hardening: ({ response }) => harden(response),
  };
}

function measured(width: number): BenchRow {
  const steps = stepsOf(width);
  const random = randomOf('asked');
  const times = new Map(Object.keys(steps).map((name) => [name, [] as number[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, step] of Object.entries(steps)) {
      const all = Array.from({ length: many }, () => askedOf(random, width));
      const before = process.cpuUsage();
      for (const asked of all) step(asked);
      const { user, system } = process.cpuUsage(before);
      times.get(name)!.push((user + system) / many);
    }
  }
  const medians = Object.fromEntries([...times].map(([name, of]) => [`${name}, µs`, quantile(of, 0.5)]));
  return { 'protections of one row': `${width} features`, ...medians };
}

export function run(): BenchResult {
  return { name: 'gateway-protections', rows: [13, 64].map(measured) };
}
