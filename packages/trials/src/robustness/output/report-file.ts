import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultLimits } from '@holdfast/dataset';
import { isNpy, readNpy } from '@holdfast/dataset/npy';
import { memberOf } from '@holdfast/dataset/npz';
import type { Finding } from '@holdfast/evidence/check';
import { TrialsError } from '../../errors.ts';
import type { RobustnessOptions } from '../options.ts';
import type { RowResult } from '../row-result.ts';
import { robustnessRules } from '../rules.ts';
import type { Shard } from '../shard.ts';
import type { Software } from '../software.ts';
import type { ChangedRows, Subject, TrialResult } from '../trial-result.ts';
import { reportFormat } from './report-text.ts';
import * as shape from './shape.ts';
import { outputFiles } from './write-output.ts';

/** A trial that was read back. */
export interface KeptTrial {
  readonly folder: string;
  /** What the model was called. */
  readonly name: string;
  readonly result: TrialResult;
}

/**
 * Reads what a trial left in a folder.
 * @throws TrialsError HF_TRIALS_REPORT
 */
export async function readOutput(folder: string): Promise<KeptTrial> {
  const path = join(folder, outputFiles.report);
  try {
    const { name, result } = trialOf(JSON.parse(await readFile(path, 'utf8')));
    const changed = changedOf(await readFile(join(folder, outputFiles.samples)), folder, result);
    return { folder, name, result: { ...result, changed } };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TrialsError('HF_TRIALS_REPORT', `\`${folder}\` holds no report of a trial: ${reason}`, {
      where: path,
      cause,
    });
  }
}

function trialOf(given: unknown): { name: string; result: Omit<TrialResult, 'changed'> } {
  const file = shape.fields(given, 'the file');
  if (file['format'] !== reportFormat) throw new TypeError(`it is not of the format ${reportFormat}`);
  const trial = shape.fields(file['trial'], 'trial');
  const subject = subjectOf(trial['subject']);
  const asked = shape.whole(trial['asked'], 'asked');
  const radii = shape.list(trial['radii'], 'radii', shape.number);
  const rows = shape.list(file['rows'], 'rows', (row) => rowOf(row, { asked, classes: subject.classes, radii }));
  if (rows.some(({ row }, place) => row <= (rows[place - 1]?.row ?? -1))) throw new TypeError('rows are not in order');
  const result = {
    ...{ subject, asked, radii, rows },
    options: optionsOf(trial['options']),
    software: softwareOf(trial['software']),
    members: shape.list(trial['members'], 'members', (member) => {
      const { name, usesGradient } = shape.fields(member, 'a member');
      return { name: shape.text(name, 'name'), usesGradient: shape.flag(usesGradient, 'usesGradient') };
    }),
    ...(trial['shard'] === undefined ? {} : { shard: shardOf(trial['shard']) }),
    signs: shape.list(trial['signs'], 'signs', findingOf),
    isInterrupted: shape.flag(trial['isInterrupted'], 'isInterrupted'),
  };
  return { name: shape.text(file['name'], 'name'), result };
}

function subjectOf(given: unknown): Subject {
  const { model, data, total, dims, classes, classNames } = shape.fields(given, 'subject');
  return {
    model: shape.text(model, 'model'),
    data: shape.text(data, 'data'),
    total: shape.whole(total, 'total'),
    dims: shape.list(dims, 'dims', shape.whole),
    classes: shape.whole(classes, 'classes'),
    ...(classNames === undefined ? {} : { classNames: shape.list(classNames, 'classNames', shape.text) }),
  };
}

function softwareOf(given: unknown): Software {
  const found = shape.fields(given, 'software');
  const text = (name: keyof Software): string => shape.text(found[name], name);
  return {
    ...{ trials: text('trials'), onnxruntime: text('onnxruntime'), node: text('node') },
    ...{ platform: text('platform'), processor: text('processor') },
  };
}

/** Of a rule that there is. */
function findingOf(given: unknown): Finding {
  const { rule, message } = shape.fields(given, 'a sign');
  const known = Object.values(robustnessRules).find(({ id }) => id === rule);
  if (known === undefined) throw new TypeError('a sign is of no known rule');
  return { rule: known.id, severity: known.severity, message: shape.text(message, 'message'), fix: known.fix };
}

function shardOf(given: unknown): Shard {
  const { index, of } = shape.fields(given, 'shard');
  const shard = { index: shape.whole(index, 'index'), of: shape.whole(of, 'of') };
  if (shard.index < 1 || shard.index > shard.of || shard.of > 999_999) throw new TypeError('`shard` is none');
  return shard;
}

/** What is read of the options; the rest of them is compared, and handed on. */
function optionsOf(given: unknown): RobustnessOptions {
  const options = shape.fields(given, 'options');
  const [ball, bounds] = [shape.fields(options['ball'], 'ball'), shape.fields(options['bounds'], 'bounds')];
  for (const name of ['data', 'suite', 'seed', 'task']) shape.text(options[name], name);
  for (const name of ['rows', 'threads']) shape.whole(options[name], name);
  const { norm } = ball;
  if (norm !== 'linf' && norm !== 'l2' && norm !== 'l1') throw new TypeError('`norm` is none');
  const [epsilon, low, high] = [ball['epsilon'], bounds['low'], bounds['high']].map((each) =>
    shape.number(each, 'epsilon, low or high'),
  );
  if (epsilon === undefined || epsilon <= 0 || low === undefined || high === undefined || low >= high) {
    throw new TypeError('`epsilon`, `low` or `high` is none');
  }
  return options as unknown as RobustnessOptions;
}

interface Known {
  readonly asked: number;
  readonly classes: number;
  readonly radii: readonly number[];
}

function rowOf(given: unknown, { asked, classes, radii }: Known): RowResult {
  const found = shape.fields(given, 'a row');
  const label = shape.below(found['label'], 'label', classes);
  const optional = <Value>(name: string, read: (value: unknown, name: string) => Value): Record<string, Value> =>
    found[name] === undefined ? {} : { [name]: read(found[name], name) };
  const at = found['at'] === undefined ? undefined : shape.list(found['at'], 'at', shape.flag);
  if (at !== undefined && at.length !== radii.length) throw new TypeError('`at` is not of every radius');
  return {
    row: shape.below(found['row'], 'row', asked),
    label,
    clean: shape.below(found['clean'], 'clean', classes, -1),
    ...optional('brokenBy', shape.text),
    ...optional('became', (value, name) => shape.below(value, name, classes, -1)),
    ...optional('distance', shape.number),
    ...optional('least', shape.number),
    ...optional('oneStep', shape.flag),
    ...(at === undefined ? {} : { at }),
    ...optional('blank', shape.flag),
  };
}

/** The samples have to be of the very rows that the report says were broken. */
function changedOf(bytes: Uint8Array, folder: string, { rows, subject }: Omit<TrialResult, 'changed'>): ChangedRows {
  const broken = rows.filter(({ brokenBy }) => brokenBy !== undefined).map(({ row }) => row);
  const dims = [broken.length, ...subject.dims];
  const array = (name: string, size: readonly number[]): Float64Array => {
    const member = memberOf(bytes, name, join(folder, outputFiles.samples), defaultLimits);
    if (member === undefined || !isNpy(member)) throw new TypeError(`its samples have no \`${name}\``);
    const found = readNpy(member, name);
    if (String(found.shape) !== String(size)) throw new TypeError(`its samples are not those of the report`);
    return Float64Array.from({ length: found.length }, (_, index) => found.at(index));
  };
  if (String([...array('row', [broken.length])]) !== String(broken)) {
    throw new TypeError('its samples are of other rows than the report');
  }
  const [original, changed] = [array('original', dims), array('x', dims)].map((each) => Float32Array.from(each));
  return { rows: broken, original: original ?? new Float32Array(), changed: changed ?? new Float32Array() };
}
