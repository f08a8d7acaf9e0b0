/**
 * Flipped labels: the detector `labels` beside cleanlab's `find_label_issues`, on published tables and on scikit-learn's digits with what a
 * network that was trained on the flipped labels makes of them. Both sides look at the same rows, one after the other in one process
 * tree, by processor time. Clean runs are of nine tenths of the rows.
 *
 * HOLDFAST_SEEDS: seeds of each share (2). HOLDFAST_ADULT_DATA: the folder with the tables (../shared/data).
 * The peer: tools/peers/requirements-poison.txt (into an environment `poison`).
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labelDetector } from '@holdfast/data/poison/labels/labels';
import type { PoisonScene } from '@holdfast/data/poison/scene';
import { randomOf } from '@holdfast/statistics';
import type { BenchResult, BenchRow } from '../tools/bench-tables.ts';
import { root } from '../tools/repository.ts';
import { Peer, spent } from './peer.ts';
import { attack } from './poison/attacks.ts';
import { Rates } from './poison/rates.ts';
import { type PublishedTable, plantedOf, publishedTable, sceneOf } from './poison/tables.ts';

const folder = process.env['HOLDFAST_ADULT_DATA'] ?? join(root, '../shared/data');
const seeds = Number(process.env['HOLDFAST_SEEDS'] ?? 2);
/** The check's, when this detector runs alone. */
const alpha = 0.01;
const shares = [0, 0.01, 0.05, 0.1];

/** Rows with some labels flipped, and what the peer is asked about them. */
interface Flipped {
  readonly scene: PoisonScene;
  readonly isPoisoned: ReadonlySet<number>;
  readonly question: object;
}

interface Source {
  readonly name: string;
  flipped(share: number, seed: number): Promise<Flipped>;
}

/** Runs the benchmark: two minutes for each seed. */
export async function run(): Promise<BenchResult> {
  const place = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
  const peer = new Peer('poison', 'label-flips.py');
  try {
    const { cleanlab, digits } = await peer.ask<{ cleanlab: string; digits: readonly number[] }>();
    const sources: readonly Source[] = [
      tableSource(publishedTable('sonar', join(folder, 'sonar.csv'))),
      tableSource(publishedTable('diabetes', join(folder, 'pima-indians-diabetes.csv'))),
      tableSource(publishedTable('credit', join(folder, 'german.csv'))),
      tableSource(publishedTable('census, 3,000 rows', join(folder, 'adult-train.csv'), { most: 3000 })),
      digitsSource(peer, digits, join(place, 'case.f32')),
    ];
    const cases = sources.flatMap((source) => shares.map((share) => caseOf(source, share)));
    for (let seed = 0; seed < seeds; seed += 1) {
      for (const each of cases) await oneCase(peer, each, seed);
      console.error(`bench: ${seed + 1} of ${seeds} seeds\n${JSON.stringify(cases.map(rowOf))}`);
    }
    return { name: `label-flips, beside cleanlab ${cleanlab}`, rows: cases.map(rowOf) };
  } finally {
    peer.end();
    rmSync(place, { recursive: true, force: true });
  }
}

interface Case {
  readonly source: Source;
  readonly share: number;
  readonly ours: Rates;
  readonly theirs: Rates;
}

const caseOf = (source: Source, share: number): Case => ({ source, share, ours: new Rates(), theirs: new Rates() });

/** Who begins alternates. */
async function oneCase(peer: Peer, { source, share, ours, theirs }: Case, seed: number): Promise<void> {
  const { scene, isPoisoned, question } = await source.flipped(share, seed);
  const askPeer = async (): Promise<void> => {
    const said = await peer.ask<{ rows: readonly number[]; cpu: number }>(question);
    theirs.add(said.rows, isPoisoned, scene.rows, said.cpu);
  };
  if (seed % 2 === 1) await askPeer();
  const { result, cpu } = await spent(async () => await labelDetector({ labelNoise: 0.005 }).find(scene));
  const accused = (result?.rows ?? []).map(({ row }) => row);
  ours.add(accused, isPoisoned, scene.rows, cpu);
  if (seed % 2 === 0) await askPeer();
}

function rowOf({ source, share, ours, theirs }: Case): BenchRow {
  return {
    'labels flipped, seeds': `${source.name}: ${share === 0 ? 'none' : `${100 * share} %`}, ${ours.runs}`,
    ...{ TPR: ours.found, FPR: ours.wrongly, alarms: ours.alarmed },
    ...{ 'cleanlab: TPR': theirs.found, 'cleanlab: FPR': theirs.wrongly, 'cleanlab: alarms': theirs.alarmed },
    'CPU s': (ours.cpu / ours.runs).toFixed(2),
    'cleanlab, times ours': (theirs.cpu / ours.cpu).toFixed(2),
  };
}

function drawnRows(rows: number, share: number, seed: number): number[] {
  const all = Array.from({ length: rows }, (_, row) => row);
  if (share > 0) return all;
  return randomOf(`clean ${seed}`)
    .shuffle(all)
    .slice(0, Math.floor(0.9 * rows))
    .sort((one, other) => one - other);
}

const poisonedRows = (marks: Uint8Array): ReadonlySet<number> =>
  new Set([...marks.keys()].filter((row) => marks[row] === 1));

function tableSource(table: PublishedTable): Source {
  return {
    name: table.name,
    flipped(share, seed) {
      const planted = plantedOf(table, drawnRows(table.rows.length, share, seed));
      const marks = share === 0 ? new Uint8Array() : attack(planted, { kind: 'flips', share }, String(seed));
      const columns = planted.columns.map((column) => {
        if (column.kind === 'number') return Array.from(column.values, (value) => (Number.isNaN(value) ? null : value));
        return Array.from(column.codes, (code) => (code < 0 ? null : code));
      });
      const categories = planted.columns.flatMap(({ kind }, at) => (kind === 'category' ? [at] : []));
      return Promise.resolve({
        scene: sceneOf(planted, String(seed), alpha),
        isPoisoned: poisonedRows(marks),
        question: { do: 'judge', labels: [...planted.labels], seed, columns, categories },
      });
    },
  };
}

/** All digits, of a clean run too: the network is another one for each seed. */
function digitsSource(peer: Peer, digits: readonly number[], file: string): Source {
  return {
    name: 'digits, embedded',
    async flipped(share, seed) {
      const labels = Int32Array.from(digits);
      const classes = Array.from({ length: 10 }, (_, digit) => String(digit));
      const marks =
        share === 0
          ? new Uint8Array()
          : attack({ rows: labels.length, labels, classes, columns: [] }, { kind: 'flips', share }, String(seed));
      const asked = { do: 'activations', labels: [...labels], seed, file };
      const { width, pixels } = await peer.ask<{ width: number; pixels: number }>(asked);
      const bytes = readFileSync(file);
      const all = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
      const rows = labels.length;
      const columns = Array.from({ length: pixels }, (_, at) => ({
        ...{ name: `pixel ${at}`, kind: 'number' as const },
        values: Float64Array.from({ length: rows }, (__, row) => all[row * pixels + at] ?? 0),
      }));
      const embeddings = { values: all.slice(rows * pixels), width };
      const scene = sceneOf({ rows, labels, classes, columns }, String(seed), alpha);
      const question = { do: 'judge', labels: [...labels], seed };
      return { scene: { ...scene, embeddings }, isPoisoned: poisonedRows(marks), question };
    },
  };
}
