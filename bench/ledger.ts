import { generateKeyPairSync } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLedger, ed25519Signer, mlDsa44Cosigner } from '@holdfast/ledger';

/** Batch sizes, and how many batches of each a run has. */
const runs = [
  { batch: 1, batches: 150 },
  { batch: 16, batches: 100 },
  { batch: 256, batches: 40 },
  { batch: 1024, batches: 16 },
] as const;
const repeats = 5;
/** About the length of the `hashedrekord` leaf that evidence has. */
const entryLength = 600;

export interface LedgerRow {
  readonly batch: number;
  /** Median over the repeats, with an Ed25519 and an ML-DSA-44 signature on every checkpoint. */
  readonly entriesPerSecond: number;
  /** The same bytes in as many files, written and fsynced one after the other: what the disk itself takes. */
  readonly floorEntriesPerSecond: number;
  /** Ledger divided by floor. */
  readonly ratio: number;
  readonly millisecondsPerBatch: number;
}

/** Durable append with deduplication, one batch after the other, in one process. */
export async function run(): Promise<{ name: string; rows: LedgerRow[] }> {
  const samples = new Map(runs.map(({ batch }) => [batch, { ledger: [] as number[], floor: [] as number[] }]));
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const { batch, batches } of runs) {
      const folder = mkdtempSync(join(process.env['HOLDFAST_BENCH_FOLDER'] ?? tmpdir(), 'holdfast-bench-'));
      const { seconds, files } = await appendAll(join(folder, 'ledger'), batch, batches);
      samples.get(batch)?.ledger.push((batch * batches) / seconds);
      samples.get(batch)?.floor.push((batch * batches) / writeAll(join(folder, 'floor'), files));
      rmSync(folder, { recursive: true });
    }
  }
  const rows = [...samples].map(([batch, { ledger, floor }]): LedgerRow => {
    const [entriesPerSecond, floorEntriesPerSecond] = [median(ledger), median(floor)];
    return {
      batch,
      entriesPerSecond: Math.round(entriesPerSecond),
      floorEntriesPerSecond: Math.round(floorEntriesPerSecond),
      ratio: round(entriesPerSecond / floorEntriesPerSecond),
      millisecondsPerBatch: round((1000 * batch) / entriesPerSecond),
    };
  });
  return { name: 'ledger: durable append with deduplication', rows };
}

async function appendAll(folder: string, batch: number, batches: number) {
  const origin = 'bench.example';
  const signers = [
    ed25519Signer(origin, generateKeyPairSync('ed25519').privateKey),
    mlDsa44Cosigner(origin, generateKeyPairSync('ml-dsa-44').privateKey),
  ];
  const files: number[] = [];
  const write = async (file: { writeFile(data: Uint8Array): Promise<void> }, bytes: Uint8Array): Promise<void> => {
    files.push(bytes.length);
    await file.writeFile(bytes);
  };
  const ledger = await createLedger(folder, { origin, signers, disk: { write } });
  files.length = 0;
  const work = Array.from({ length: batches }, (_, turn) =>
    Array.from({ length: batch }, (_, at) => Buffer.alloc(entryLength, `${turn} ${at} `)),
  );
  const start = performance.now();
  for (const entries of work) await ledger.append(entries);
  const seconds = (performance.now() - start) / 1000;
  if (ledger.size !== batch * batches) throw new Error(`the ledger has ${ledger.size} entries`);
  await ledger.close();
  return { seconds, files };
}

function writeAll(folder: string, files: readonly number[]): number {
  mkdirSync(folder);
  const bytes = Buffer.alloc(Math.max(...files), 'x');
  const start = performance.now();
  for (const [at, length] of files.entries()) {
    const file = openSync(join(folder, String(at)), 'w');
    writeSync(file, bytes, 0, length);
    fsyncSync(file);
    closeSync(file);
  }
  return (performance.now() - start) / 1000;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { name, rows } = await run();
  console.log(name);
  console.table(rows);
}
