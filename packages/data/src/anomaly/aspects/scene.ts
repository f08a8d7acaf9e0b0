import type { Table, TableColumn } from '@holdfast/dataset';
import type { Figure, Finding } from '@holdfast/evidence/check';
import type { ColumnFacts } from '../columns/column-facts.ts';
import type { IdentifierSign } from '../columns/identifiers.ts';
import type { AnomalyOptions } from '../options.ts';
import { type AnomalyRule, anomalyRules } from '../rules.ts';

export type Tables = readonly [Table, ...Table[]];

/** What every part of the check looks at. */
export interface Scene {
  readonly tables: Tables;
  /** Of the table that this one is compared with. */
  readonly reference?: Tables;
  readonly rows: number;
  readonly options: AnomalyOptions;
  /** What is compared: all columns, or those that were named. */
  readonly columns: readonly TableColumn[];
  readonly label?: ColumnFacts;
  /** Of the compared columns and the label. */
  readonly facts: readonly ColumnFacts[];
  readonly identifiers: ReadonlyMap<string, IdentifierSign>;
  /** Whether values may stand in a finding. */
  readonly showsValues: boolean;
  readonly signal: AbortSignal;
}

export type Outcome = 'pass' | 'warn' | 'fail';

/** What one part of the check saw. */
export interface Observed {
  readonly outcome: Outcome;
  readonly metrics: Readonly<Record<string, number>>;
  readonly findings: readonly Finding[];
  /** What it did not look at. */
  readonly left: readonly string[];
  readonly figures?: readonly Figure[];
}

/**
 * A limit that was declared is a promise, and breaking it fails. Where none was declared, what is above the usual one is worth
 * a look, and warns, unless it spoils every measurement that is made with the data.
 */
export function judged(
  value: number,
  declared: number | undefined,
  usual: number,
  otherwise: Outcome = 'warn',
): Outcome {
  if (declared !== undefined) return value > declared ? 'fail' : 'pass';
  return value > usual ? otherwise : 'pass';
}

/** Names of columns come from the file: nothing that a terminal would obey, and no more than a report takes. */
export function finding(rule: AnomalyRule, message: string, where?: string): Finding {
  const { id, severity } = anomalyRules[rule];
  return {
    rule: id,
    severity,
    message: plain(message),
    ...(where === undefined || where === '' ? {} : { where: plain(where) }),
  };
}

const longest = 4000;

function plain(text: string): string {
  const safe = text.slice(0, longest).replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '\u{FFFD}');
  return text.length <= longest ? safe : `${safe.slice(0, longest - 2)} …`;
}

/** `1 row`, `2 rows`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** What a model would be given to tell the label from: without the label, and without what only tells rows apart. */
export function featuresOf({ columns, label, identifiers, options }: Scene): readonly TableColumn[] {
  const others = columns.filter(({ name }) => name !== label?.column.name);
  if (options.columns !== undefined) return others;
  const features = others.filter(({ name }) => (identifiers.get(name)?.kind ?? 'text') === 'text');
  return features.length === 0 ? others : features;
}
