/**
 * What `data.poison` finds of poison that is written into published tables, and what it accuses of clean ones: rates, no times. The tables
 * are those of the folder that HOLDFAST_ADULT_DATA names (../shared/data), and `poison/breast-cancer.csv`. HOLDFAST_SEEDS says how often
 * each attack is tried (5), HOLDFAST_DRAWS how many clean parts are looked at (20), HOLDFAST_TABLE which table alone,
 * HOLDFAST_ATTACK which kind of attack alone, without the clean parts.
 */
import { join } from 'node:path';
import { labelDetector } from '@holdfast/data/poison/labels/labels';
import { triggerDetector } from '@holdfast/data/poison/triggers/triggers';
import { randomOf } from '@holdfast/statistics';
import type { BenchResult, BenchRow } from '../tools/bench-tables.ts';
import { root } from '../tools/repository.ts';
import { type Attack, attack } from './poison/attacks.ts';
import { flipCeiling } from './poison/flip-ceiling.ts';
import { type Planted, type PublishedTable, plantedOf, publishedTable, sceneOf } from './poison/tables.ts';

const folder = process.env['HOLDFAST_ADULT_DATA'] ?? join(root, '../shared/data');
const seeds = Number(process.env['HOLDFAST_SEEDS'] ?? 5);
const draws = Number(process.env['HOLDFAST_DRAWS'] ?? 20);
const only = process.env['HOLDFAST_TABLE'];
const onlyAttack = process.env['HOLDFAST_ATTACK'];
const most = 3000;
const alpha = 0.0025;

const paths: readonly (readonly [name: string, path: string])[] = [
  ['census', join(folder, 'adult-train.csv')],
  ['credit', join(folder, 'german.csv')],
  ['diabetes', join(folder, 'pima-indians-diabetes.csv')],
  ['sonar', join(folder, 'sonar.csv')],
  ['breast cancer', join(root, 'bench/poison/breast-cancer.csv')],
];

const shares = [0.01, 0.03, 0.05, 0.1];
const attacks: readonly Attack[] = [
  ...(['rare', 'in-bounds', 'jittered', 'clean-label'] as const).flatMap((kind) =>
    shares.map((share): Attack => ({ kind, share })),
  ),
  { kind: 'spread', share: 0.03 },
  { kind: 'in-bounds', share: 0.03, columns: 2 },
  { kind: 'in-bounds', share: 0.03, columns: 6 },
  ...[0.004, 0.01, 0.05, 0.1].map((share): Attack => ({ kind: 'flips', share })),
  { kind: 'flips-near-boundary', share: 0.05 },
];

/** Looks at clean parts of each table, and runs each attack on it with some seeds: an hour of one core with 20 seeds. */
export async function run(): Promise<BenchResult> {
  const rows: BenchRow[] = [];
  for (const [name, path] of paths.filter((each) => only === undefined || each[0] === only)) {
    if (onlyAttack === undefined)
      rows.push(await clean(publishedTable(name, path, { most: Number.POSITIVE_INFINITY })));
    const table = publishedTable(name, path, { most });
    for (const each of attacks)
      if (onlyAttack === undefined || each.kind === onlyAttack) rows.push(await measured(table, each));
  }
  return { name: 'poison', rows };
}

/** Parts are drawn without repetition, four in five rows or `most`: rows that come twice would look planted. */
async function clean(table: PublishedTable): Promise<BenchRow> {
  let [alarms, wrong, rows] = [0, 0, 0];
  for (let draw = 0; draw < draws; draw += 1) {
    const order = randomOf(`clean part ${draw} of ${table.name}`).shuffle([...table.rows.keys()]);
    const planted = plantedOf(table, order.slice(0, Math.min(most, Math.round(0.8 * order.length))));
    const { accused } = await accusedOf(planted, String(draw), [labelDetector({ labelNoise: 0.005 }), triggerDetector]);
    alarms += Number(accused.size > 0);
    wrong += accused.size;
    rows += planted.rows;
  }
  return rowOf(`${table.name}: clean`, draws, { alarms, wrong: rate(wrong, rows) });
}

const isOfLabels = ({ kind }: Attack): boolean => kind === 'flips' || kind === 'flips-near-boundary';

/** Each attack by the detector that it is for. */
async function measured(table: PublishedTable, planted: Attack): Promise<BenchRow> {
  const sums = { found: 0, poisoned: 0, wrong: 0, clean: 0, alarms: 0, untold: 0, ceiling: 0 };
  for (let seed = 0; seed < seeds; seed += 1) {
    const rows = plantedOf(table);
    const isPoisoned = attack(rows, planted, String(seed));
    const detector = isOfLabels(planted) ? labelDetector({ labelNoise: 0.005 }) : triggerDetector;
    const { accused, isTold } = await accusedOf(rows, String(seed), [detector]);
    const hits = [...accused].filter((row) => isPoisoned[row] === 1).length;
    const all = isPoisoned.reduce((sum, each) => sum + each, 0);
    sums.found += hits;
    sums.poisoned += all;
    sums.wrong += accused.size - hits;
    sums.clean += rows.rows - all;
    sums.alarms += Number(accused.size > 0);
    sums.untold += Number(!isTold);
    if (isOfLabels(planted)) sums.ceiling += (await flipCeiling(table, rows.labels, isPoisoned)) / seeds;
  }
  const { kind, share, columns } = planted;
  const name = `${table.name}: ${kind} ${share}${columns === undefined ? '' : `, ${columns} columns`}`;
  return rowOf(name, seeds, {
    ...{ found: rate(sums.found, sums.poisoned), wrong: rate(sums.wrong, sums.clean), alarms: sums.alarms },
    ...(isOfLabels(planted) ? { untold: `${sums.untold} of ${seeds}`, ceiling: sums.ceiling.toFixed(3) } : {}),
  });
}

async function accusedOf(planted: Planted, seed: string, detectors: readonly (typeof triggerDetector)[]) {
  const scene = sceneOf(planted, seed, alpha);
  const accused = new Set<number>();
  let isTold = true;
  for (const detector of detectors) {
    const found = await detector.find(scene);
    for (const { row } of found?.rows ?? []) accused.add(row);
    if (found?.metrics?.['told'] === 0) isTold = false;
  }
  return { accused, isTold };
}

const rate = (part: number, whole: number): string => (whole === 0 ? '' : (part / whole).toFixed(4));

interface Rates {
  readonly found?: string;
  readonly wrong: string;
  readonly alarms: number;
  readonly untold?: string;
  readonly ceiling?: string;
}

function rowOf(
  poison: string,
  runs: number,
  { found = '', wrong, alarms, untold = '', ceiling = '' }: Rates,
): BenchRow {
  const row = {
    poison,
    'found (TPR)': found,
    'wrongly (FPR)': wrong,
    alarms: `${alarms} of ${runs}`,
    untold,
    'could be found at FPR 0.01': ceiling,
  };
  // So that what was measured is there when the rest takes too long.
  process.stderr.write(`${Object.values(row).join(' | ')}\n`);
  return row;
}
