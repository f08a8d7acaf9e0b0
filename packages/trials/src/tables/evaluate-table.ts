import type { Random } from '@holdfast/statistics';
import type { Ball } from '../attacks/ball.ts';
import { changeProblem, rowProblem } from './constraints.ts';
import { objectiveOf } from './objective.ts';
import type { TableAttack } from './table-attack.ts';
import type { TableModel } from './table-model.ts';

/** An attack with a name. */
export interface TableMember {
  readonly name: string;
  readonly usesGradient: boolean;
  readonly attack: TableAttack;
}

/** What became of one row. */
export interface TableOutcome {
  /** What the file answers for the row as it is: a class, −1 for NaN, or a value. */
  readonly clean: number;
  /** The attack that misled it last; absent where none did, or where it was wrong from the start. */
  readonly brokenBy?: string;
  /** What the file answers for the changed row. */
  readonly became?: number;
}

/** What attacks on a table came to. */
export interface TableEvaluation {
  readonly outcomes: readonly TableOutcome[];
  /** [N·width] the rows, with changed ones where an attack succeeded. */
  readonly changed: Float32Array;
  readonly members: readonly {
    readonly name: string;
    readonly usesGradient: boolean;
    /** False: the model has no gradient. */
    readonly ran: boolean;
    readonly tried: number;
    readonly broke: number;
    /** Rows that an attack gave, and that break a rule: none, unless an attack is wrong. */
    readonly refused: number;
  }[];
}

/** Rows and what is right for them: classes, or values. */
export interface LabelledRows {
  /** [N·width] */
  readonly x: Float32Array;
  readonly labels: Int32Array | Float32Array;
}

/** Rows that go through an attack at once. */
const batchRows = 256;

/**
 * Runs attacks over rows. No attack is believed: what it gives counts only where it satisfies every rule and budget, and
 * the file, asked again about that very row, errs, or errs more.
 */
export async function evaluateTable(
  model: TableModel,
  { x, labels }: LabelledRows,
  ball: Ball,
  members: readonly TableMember[],
  random: Random,
  progress: (done: number, member: string) => void = () => undefined,
): Promise<TableEvaluation> {
  const clean = await answered(model, x);
  const state: State = { model, x, labels, ball, answers: clean.slice(), changed: x.slice(), by: new Map() };
  const counts: TableEvaluation['members'][number][] = [];
  for (const [place, member] of members.entries()) {
    progress(place / members.length, member.name);
    const rows = [...labels.keys()].filter((row) => isOpen(state, clean, row));
    let [ran, broke, refused] = [true, 0, 0];
    for (let from = 0; from < rows.length && ran; from += batchRows) {
      const part = rows.slice(from, from + batchRows);
      const result = await attackRows(state, member, part, random.fork(`${member.name} ${from}`));
      if (result === undefined) ran = false;
      broke += result?.broke ?? 0;
      refused += result?.refused ?? 0;
      progress((place + (from + part.length) / rows.length) / members.length, member.name);
    }
    const { name, usesGradient } = member;
    counts.push({ name, usesGradient, ran, tried: ran ? rows.length : 0, broke, refused });
  }
  const outcomes = Array.from(clean, (each, row): TableOutcome => {
    const brokenBy = state.by.get(row);
    return brokenBy === undefined ? { clean: each } : { clean: each, brokenBy, became: state.answers[row] as number };
  });
  return { outcomes, changed: state.changed, members: counts };
}

interface State {
  readonly model: TableModel;
  readonly x: Float32Array;
  readonly labels: Int32Array | Float32Array;
  readonly ball: Ball;
  /** Of the changed rows. */
  readonly answers: Float64Array;
  readonly changed: Float32Array;
  readonly by: Map<number, string>;
}

/** A class that is still right; of values every one that is a number. */
function isOpen({ model, labels, by }: State, clean: Float64Array, row: number): boolean {
  if (model.task === 'regression') return !Number.isNaN(clean[row]);
  return clean[row] === labels[row] && !by.has(row);
}

/** Classes, or values. */
async function answered(model: TableModel, x: Float32Array): Promise<Float64Array> {
  const { width } = model.space;
  const found: number[] = [];
  for (let start = 0; start < x.length; start += 4096 * width) {
    const part = x.slice(start, start + 4096 * width);
    const answers = model.task === 'regression' ? await model.answers(part) : await model.classify(part);
    for (const each of answers) found.push(each);
  }
  return Float64Array.from(found);
}

async function attackRows(state: State, member: TableMember, rows: readonly number[], random: Random) {
  const { model, ball, labels } = state;
  const { width } = model.space;
  const objective = objectiveOf(
    model,
    rows.map((row) => labels[row] as number),
  );
  const samples = { x: gathered(state.x, rows, width), best: gathered(state.changed, rows, width), objective };
  const given = await member.attack(model, samples, ball, random);
  if (given === undefined) return undefined;
  const answers = await answered(model, given);
  let [broke, refused] = [0, 0];
  for (const [place, row] of rows.entries()) {
    const candidate = given.subarray(place * width, (place + 1) * width);
    const origin = samples.x.subarray(place * width, (place + 1) * width);
    const answer = answers[place] as number;
    if (!isWorse(state, row, answer)) continue;
    if ((rowProblem(model.space, candidate) ?? changeProblem(model.space, ball, origin, candidate)) !== undefined) {
      refused += 1;
      continue;
    }
    state.answers[row] = answer;
    state.changed.set(candidate, row * width);
    state.by.set(row, member.name);
    broke += 1;
  }
  return { broke, refused };
}

function isWorse({ model, labels, answers }: State, row: number, answer: number): boolean {
  const label = labels[row] as number;
  if (model.task === 'classification') return answer !== label;
  return Number.isNaN(answer) || Math.abs(answer - label) > Math.abs((answers[row] as number) - label);
}

function gathered(x: Float32Array, rows: readonly number[], width: number): Float32Array {
  const part = new Float32Array(rows.length * width);
  for (const [place, row] of rows.entries()) part.set(x.subarray(row * width, (row + 1) * width), place * width);
  return part;
}
