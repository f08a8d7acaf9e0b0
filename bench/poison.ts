/**
 * What `data.poison` finds of poison that is written into published tables, and what it accuses of clean ones: rates, no times. The tables
 * are those of the folder that HOLDFAST_ADULT_DATA names (../shared/data).
 */
import { join } from 'node:path';
import { labelDetector } from '@holdfast/data/poison/labels/labels';
import { triggerDetector } from '@holdfast/data/poison/triggers/triggers';
import type { BenchResult, BenchRow } from '../tools/bench-tables.ts';
import { root } from '../tools/repository.ts';
import { type Attack, attack } from './poison/attacks.ts';
import { type PublishedTable, plantedOf, publishedTable, sceneOf } from './poison/tables.ts';

const folder = process.env['HOLDFAST_ADULT_DATA'] ?? join(root, '../shared/data');
const seeds = Number(process.env['HOLDFAST_SEEDS'] ?? 5);

const tables: readonly PublishedTable[] = [
  publishedTable('census', join(folder, 'adult-train.csv'), { most: 3000 }),
  publishedTable('credit', join(folder, 'german.csv')),
  publishedTable('diabetes', join(folder, 'pima-indians-diabetes.csv')),
  publishedTable('sonar', join(folder, 'sonar.csv')),
];

const shares = [0.01, 0.03, 0.05, 0.1];
const attacks: readonly Attack[] = [
  ...shares.map((share): Attack => ({ kind: 'flips', share })),
  ...(['rare', 'in-bounds', 'jittered', 'clean-label'] as const).flatMap((kind) =>
    shares.map((share): Attack => ({ kind, share })),
  ),
];

/** Runs each attack on each table with some seeds: about ten minutes. */
export async function run(): Promise<BenchResult> {
  const rows: BenchRow[] = [];
  for (const table of tables) {
    rows.push(await measured(table, undefined));
    for (const each of attacks) rows.push(await measured(table, each));
  }
  return { name: 'poison', rows };
}

async function measured(table: PublishedTable, planted: Attack | undefined): Promise<BenchRow> {
  const sums = { found: 0, poisoned: 0, wrong: 0, clean: 0, alarms: 0 };
  for (let seed = 0; seed < seeds; seed += 1) {
    const rows = plantedOf(table);
    const isPoisoned = planted === undefined ? new Uint8Array(rows.rows) : attack(rows, planted, String(seed));
    const scene = sceneOf(rows, String(seed), 0.0025);
    const detectors = [labelDetector({ labelNoise: 0.005 }), triggerDetector];
    const accused = new Set<number>();
    for (const detector of detectors) for (const { row } of (await detector.find(scene))?.rows ?? []) accused.add(row);
    const hits = [...accused].filter((row) => isPoisoned[row] === 1).length;
    const all = isPoisoned.reduce((sum, each) => sum + each, 0);
    sums.found += hits;
    sums.poisoned += all;
    sums.wrong += accused.size - hits;
    sums.clean += rows.rows - all;
    sums.alarms += Number(accused.size > 0);
  }
  const rate = (part: number, whole: number): string => (whole === 0 ? '' : (part / whole).toFixed(3));
  return {
    [`poison, ${seeds} seeds`]: `${table.name}: ${planted === undefined ? 'clean' : `${planted.kind} ${planted.share}`}`,
    'found (TPR)': rate(sums.found, sums.poisoned),
    'wrongly (FPR)': rate(sums.wrong, sums.clean),
    alarms: `${sums.alarms} of ${seeds}`,
  };
}
