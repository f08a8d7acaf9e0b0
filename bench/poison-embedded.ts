/**
 * Poison that a model shows: scikit-learn's digits with poison planted, a network trained on the poisoned labels, and what is found in the
 * activations of its hidden layer, by `data.poison --model` and by the defences of ART. The peer plants and trains once for each seed and
 * attack; both sides then look at the very same activations, one after the other in one process tree, by processor time. ART is told the
 * share of poison, ours is not.
 *
 * HOLDFAST_SEEDS: seeds of each attack (2); clean runs are five times as many, each of 1,500 rows and a network of its own.
 * HOLDFAST_FIRST_SEED: the first of them (0); constants were chosen while looking at 0 to 3.
 * HOLDFAST_PICTURES: of each so many seeds one is looked at as pictures, too (`--pictures 8x8`), which takes three times as long (4).
 * The peer: tools/peers/requirements-poison-embedded.txt (into an environment `poison-embedded`).
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { embeddedDetector } from '@holdfast/data/poison/embedded/embedded-detector';
import { imageTriggerDetector } from '@holdfast/data/poison/embedded/image-triggers';
import type { PoisonScene } from '@holdfast/data/poison/scene';
import type { BenchResult, BenchRow } from '../tools/bench-tables.ts';
import { Peer, spent } from './peer.ts';
import { Rates } from './poison/rates.ts';

const seeds = Number(process.env['HOLDFAST_SEEDS'] ?? 2);
const first = Number(process.env['HOLDFAST_FIRST_SEED'] ?? 0);
/** Clean runs for each seed. */
const cleanRuns = 5;
const everyPicture = Number(process.env['HOLDFAST_PICTURES'] ?? 4);
/** A quarter of the check's, as when all of its four detectors run. */
const alpha = 0.0025;

const kinds: Readonly<Record<string, string>> = {
  patch: 'a corner of four pixels',
  pixel: 'one pixel',
  scattered: 'five scattered pixels',
  moving: 'a patch that moves and varies',
  'clean-label': 'a corner, labels left as they are',
};
const shares = [0.01, 0.03, 0.05, 0.1];
const digits = Array.from({ length: 10 }, (_, digit) => String(digit));

interface Planted {
  readonly labels: readonly number[];
  readonly poisoned: readonly number[];
  readonly width: number;
  readonly pixels: number;
}

interface Accusation {
  readonly rows: readonly number[];
  readonly cpu: number;
}

interface Sides {
  readonly ours: Rates;
  /** Those of ours that were looked at as pictures, by triggers in pictures as well as by groups. */
  readonly pictures: Rates;
  readonly spectral: Rates;
  readonly clustering: Rates;
}

interface Case {
  readonly kind: string;
  readonly share: number;
  readonly seed: number;
}

/** Runs the benchmark: a minute for each seed. */
export async function run(): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
  const peer = new Peer('poison-embedded', 'poison-embedded.py');
  try {
    const { art } = await peer.ask<{ art: string }>();
    const cases = casesOf();
    for (let seed = first; seed < first + seeds; seed += 1) {
      for (const { about, rates } of cases) {
        // Clean runs are more, so that few alarms are told from none.
        const draws = about.kind === 'none' ? cleanRuns : 1;
        for (let draw = 0; draw < draws; draw += 1) {
          await oneCase(peer, join(folder, 'case.f32'), { ...about, seed: seed * draws + draw }, rates);
        }
      }
      console.error(`bench: ${seed - first + 1} of ${seeds} seeds\n${JSON.stringify(cases.map(rowOf))}`);
    }
    const rows = cases.map(rowOf);
    return { name: `poison-embedded, beside ART ${art}`, rows };
  } finally {
    peer.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Measured {
  readonly about: Omit<Case, 'seed'>;
  readonly rates: Sides;
}

function casesOf(): Measured[] {
  const attacks = Object.keys(kinds).flatMap((kind) => shares.map((share) => ({ kind, share })));
  return [{ kind: 'none', share: 0 }, ...attacks].map((about) => ({
    ...{ about },
    rates: { ours: new Rates(), pictures: new Rates(), spectral: new Rates(), clustering: new Rates() },
  }));
}

function rowOf({ about: { kind, share }, rates: { ours, pictures, spectral, clustering } }: Measured): BenchRow {
  return {
    'poison, seeds': kind === 'none' ? `none, ${ours.runs}` : `${kinds[kind]}, ${100 * share} %, ${ours.runs}`,
    ...{ TPR: ours.found, FPR: ours.wrongly, alarms: ours.alarmed },
    ...{ 'pictures too: TPR': pictures.found, 'FPR of these': pictures.wrongly, 'alarms of these': pictures.alarmed },
    ...{ 'spectral: TPR': spectral.found, 'spectral: FPR': spectral.wrongly },
    ...{ 'clustering: TPR': clustering.found, 'clustering: FPR': clustering.wrongly },
    'CPU s': (ours.cpu / ours.runs).toFixed(2),
    'ART, both, times ours': ((spectral.cpu + clustering.cpu) / ours.cpu).toFixed(2),
  };
}

/** Who begins alternates. */
async function oneCase(peer: Peer, file: string, asked: Case, rates: Sides): Promise<void> {
  const planted = await peer.ask<Planted>({ do: 'plant', ...asked, file });
  const isPoisoned = new Set(planted.poisoned);
  const rows = planted.labels.length;
  const theirs = async (): Promise<void> => {
    const said = await peer.ask<Record<'spectral' | 'clustering', Accusation>>({ do: 'judge' });
    rates.spectral.add(said.spectral.rows, isPoisoned, rows, said.spectral.cpu);
    rates.clustering.add(said.clustering.rows, isPoisoned, rows, said.clustering.cpu);
  };
  if (asked.seed % 2 === 1) await theirs();
  const scene = sceneOf(planted, file, asked.seed);
  const { result, cpu } = await spent(async () => await embeddedDetector.find(scene));
  const accused = (result?.rows ?? []).map(({ row }) => row);
  rates.ours.add(accused, isPoisoned, rows, cpu);
  if (asked.seed % everyPicture === 0) {
    const also = await spent(async () => await imageTriggerDetector.find(scene));
    const more = (also.result?.rows ?? []).map(({ row }) => row);
    rates.pictures.add([...accused, ...more], isPoisoned, rows, cpu + also.cpu);
  }
  if (asked.seed % 2 === 0) await theirs();
}

function sceneOf({ labels, width, pixels }: Planted, file: string, seed: number): PoisonScene {
  const bytes = readFileSync(file);
  const all = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const rows = labels.length;
  const values = all.slice(0, rows * pixels);
  return {
    ...{ rows, labels: Int32Array.from(labels), classes: digits, alpha, seed: String(seed) },
    columns: Array.from({ length: pixels }, (_, at) => ({
      ...{ name: `pixel ${at}`, kind: 'number' as const },
      values: Float64Array.from({ length: rows }, (__, row) => values[row * pixels + at] ?? 0),
    })),
    embeddings: { values: all.slice(rows * pixels, rows * (pixels + width)), width },
    images: { values, shape: [1, 8, 8] },
    signal: new AbortController().signal,
  };
}
