/**
 * How many rows an extraction takes until the gateway speaks, how good a clone is by then, and whether it accuses callers who ask about real
 * rows: rates, no times. The tables are those of the folder that HOLDFAST_ADULT_DATA names (../shared/data).
 */
import { join } from 'node:path';
import { extractionDetector } from '@holdfast/gateway/protection/extraction/extraction-detector';
import type { ExtractionState } from '@holdfast/gateway/protection/extraction/extraction-state';
import { fitExtraction } from '@holdfast/gateway/protection/extraction/fit-extraction';
import { type Matrix, quantile, randomOf } from '@holdfast/statistics';
import type { BenchResult, BenchRow } from '../tools/bench-tables.ts';
import { root } from '../tools/repository.ts';
import { type AttackerName, attackers } from './extraction/attackers.ts';
import { type LearnerName, learners, type Predict } from './extraction/models.ts';
import { type SessionName, sessionOf, sessions } from './extraction/sessions.ts';
import { encoder, type Split, splitOf, type Table, tableNames, tableOf } from './extraction/tables.ts';

const folder = process.env['HOLDFAST_ADULT_DATA'] ?? join(root, '../shared/data');
const seeds = Number(process.env['HOLDFAST_SEEDS'] ?? 20);
/** The same victim and the same protection for so many attackers. */
const perSplit = 5;
const threshold = 1000;
const mostQueries = 300;

interface Scene {
  readonly table: Table;
  readonly split: Split;
  readonly learner: LearnerName;
  readonly encode: (row: Float64Array) => Float64Array;
  readonly victim: Predict;
  readonly state: ExtractionState;
}

function sceneOf(table: Table, learner: LearnerName, seed: string): Scene {
  const split = splitOf(table, seed);
  const { encode } = encoder(table.columns);
  const victim = learners[learner](split.train.map(encode), [...split.trainLabels], `victim ${seed}`);
  const answers = split.held.map((row) => answerOf(victim(encode(row))));
  const heldOut = { classes: answers.map((each) => each.class), margins: answers.map(({ margin }) => margin) };
  const features = table.columns.map((_, at) => `${at}`);
  const state = fitExtraction(matrixOf(split.train), { features, heldOut: { ...matrixOf(split.held), ...heldOut } });
  return { table, split, learner, encode, victim, state };
}

function matrixOf(rows: readonly Float64Array[]): Matrix {
  const columns = rows[0]?.length ?? 0;
  const values = new Float64Array(rows.length * columns);
  for (const [at, row] of rows.entries()) values.set(row, at * columns);
  return { rows: rows.length, columns, values };
}

const answerOf = (chance: number) => ({ class: Number(chance > 0.5), margin: Math.abs(2 * chance - 1) });

/** Answers as a hardened gateway gives them. */
const shown = {
  whole: (p: number) => p,
  'two digits': (p: number) => Math.round(p * 100) / 100,
  label: (p: number) => Number(p > 0.5),
};

/** Part of fresh rows to which a clone gives the same answer. */
function fidelity(
  { split, encode, victim, learner }: Scene,
  rows: readonly Float64Array[],
  answers: readonly number[],
): number {
  if (rows.length === 0) return 0;
  const clone = learners[learner](rows.map(encode), answers, 'clone');
  const same = split.fresh.filter((row) => victim(encode(row)) > 0.5 === clone(encode(row)) > 0.5);
  return same.length / split.fresh.length;
}

interface Attacked {
  /** Rows until the alarm; undefined for none. */
  readonly alarm: number | undefined;
  /** What a clone is worth that was learnt from the answers before it. */
  readonly digits: number;
  readonly label: number;
}

function attacked(scene: Scene, name: AttackerName, seed: string): Attacked {
  const detector = extractionDetector(scene.state, { random: randomOf(`ties ${seed}`) });
  const evidence = detector.fresh();
  const { table, split, encode, victim } = scene;
  const attacker = attackers[name]({ table, split, encode, clone: learners[scene.learner], seed });
  const [rows, chances]: [Float64Array[], number[]] = [[], []];
  let next = attacker.next();
  let alarm: number | undefined;
  while (rows.length < mostQueries && next.done !== true) {
    const chance = victim(encode(next.value));
    detector.look(next.value);
    detector.add(evidence, answerOf(chance));
    if (detector.evidenceOf(evidence) >= threshold) {
      alarm = rows.length + 1;
      break;
    }
    rows.push(next.value);
    chances.push(chance);
    next = attacker.next(shown['two digits'](chance));
  }
  const of = (show: (p: number) => number): number => fidelity(scene, rows, chances.map(show));
  return { alarm, digits: of(shown['two digits']), label: of(shown.label) };
}

const share = (part: number, whole: number): string => `${part} of ${whole}`;
const middle = (values: readonly number[]): number => quantile(values, 0.5);

function attackRow(scenes: readonly Scene[], name: AttackerName): BenchRow {
  const runs = scenes.flatMap((scene, at) =>
    Array.from({ length: Math.min(perSplit, seeds - at * perSplit) }, (_, each) =>
      attacked(scene, name, `${at} ${each}`),
    ),
  );
  const found = runs.flatMap(({ alarm }) => alarm ?? []);
  const { table, learner } = scenes[0]!;
  return {
    'rows asked until the alarm': `${table.name}, ${learner}: ${name}`,
    alarms: share(found.length, runs.length),
    'rows, median': found.length === 0 ? '' : middle(found),
    most: found.length === 0 ? '' : Math.max(...found),
    'fidelity, two digits': middle(runs.map(({ digits }) => digits)),
    'below 0.85, two digits': share(
      runs.filter(({ alarm, digits }) => alarm !== undefined && digits < 0.85).length,
      runs.length,
    ),
    'fidelity, label': middle(runs.map(({ label }) => label)),
    'below 0.85, label': share(
      runs.filter(({ alarm, label }) => alarm !== undefined && label < 0.85).length,
      runs.length,
    ),
  };
}

function sessionRow(scenes: readonly Scene[], name: SessionName): BenchRow {
  let [count, alarms, greatest] = [0, 0, 0];
  for (const [at, scene] of scenes.entries()) {
    for (let each = 0; each < 250 / scenes.length; each += 1) {
      const detector = extractionDetector(scene.state, { random: randomOf(`session ${at} ${each}`) });
      const evidence = detector.fresh();
      const classOf = (row: Float64Array): number => answerOf(scene.victim(scene.encode(row))).class;
      let most = 0;
      for (const row of sessionOf(name, { ...scene, classOf, seed: `${at} ${each}` })) {
        detector.look(row);
        detector.add(evidence, answerOf(scene.victim(scene.encode(row))));
        most = Math.max(most, detector.evidenceOf(evidence));
      }
      count += 1;
      alarms += Number(most >= threshold);
      greatest = Math.max(greatest, most);
    }
  }
  const { table, learner } = scenes[0]!;
  return {
    'sessions of 200 real rows': `${table.name}, ${learner}: ${name}`,
    alarms: share(alarms, count),
    'greatest evidence': greatest,
  };
}

/** What real rows are worth, and what hardening takes from that; and what clones get that always answer the same. */
function realRow(scenes: readonly Scene[], count: number): BenchRow {
  const of = (show: (p: number) => number): number =>
    middle(
      scenes.map((scene, at) => {
        const rows = randomOf(`real ${at}`)
          .shuffle([...scene.split.held])
          .slice(0, count);
        return fidelity(
          scene,
          rows,
          rows.map((row) => show(scene.victim(scene.encode(row)))),
        );
      }),
    );
  const same = middle(
    scenes.map(({ split, victim, encode }) => {
      const ones = split.fresh.filter((row) => victim(encode(row)) > 0.5).length / split.fresh.length;
      return Math.max(ones, 1 - ones);
    }),
  );
  const { table, learner } = scenes[0]!;
  return {
    'clones from real rows': `${table.name}, ${learner}: ${count} rows`,
    ...{
      whole: of(shown.whole),
      'two digits': of(shown['two digits']),
      label: of(shown.label),
      'always the same answer': same,
    },
  };
}

/** All tables, victims and attackers: about a quarter of an hour with 20 seeds. */
export function run(): BenchResult {
  const [attacks, benign, real]: [BenchRow[], BenchRow[], BenchRow[]] = [[], [], []];
  for (const name of tableNames) {
    const table = tableOf(folder, name);
    for (const learner of Object.keys(learners) as LearnerName[]) {
      const scenes = Array.from({ length: Math.ceil(seeds / perSplit) }, (_, at) => sceneOf(table, learner, `${at}`));
      for (const attacker of Object.keys(attackers) as AttackerName[]) {
        attacks.push(attackRow(scenes, attacker));
        if (process.env['HOLDFAST_SHOW'] === '1') console.error(JSON.stringify(attacks.at(-1)));
      }
      for (const session of Object.keys(sessions) as SessionName[]) benign.push(sessionRow(scenes, session));
      for (const count of [30, 100, 300]) real.push(realRow(scenes, count));
      if (process.env['HOLDFAST_SHOW'] === '1') console.error(JSON.stringify([benign.slice(-5), real.slice(-3)]));
    }
  }
  return { name: 'extraction', rows: [...attacks, ...benign, ...real] };
}
