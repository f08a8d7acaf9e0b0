import { columnOf, type Table, type TableColumn } from '@holdfast/dataset';
import { DataError } from '../../errors.ts';
import type { Transformation } from '../cells/transformation.ts';
import type { MaskingKey } from '../key/masking-key.ts';
import type { MethodContext } from '../methods/method.ts';
import { type MethodName, methodOf } from '../methods/methods.ts';
import type { ColumnPlan, OnFailure, Plan } from './plan.ts';
import type { Hierarchy } from './read-hierarchies.ts';

/** What a plan may ask for beside the table. */
export interface PlanTools {
  readonly key: MaskingKey | undefined;
  readonly hierarchies: ReadonlyMap<string, Hierarchy>;
}

/** A column of the output. */
export interface BoundColumn {
  readonly name: string;
  readonly method: MethodName;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly transformation: Transformation;
  readonly onFailure: OnFailure;
}

export interface BoundPlan {
  readonly columns: readonly BoundColumn[];
  readonly dropped: readonly string[];
}

/**
 * A plan for a table: what becomes of each of its columns.
 *
 * @throws DataError HF_DATA_MASK_PLAN where they do not fit, HF_DATA_MASK_KEY where a key is missing or another one
 */
export function boundPlan(plan: Plan, table: Table, tools: PlanTools): BoundPlan {
  requireKeyOf(plan, tools);
  requireNames(table);
  const missing = [...plan.columns.keys()].find((name) => columnOf(table, name) === undefined);
  if (missing !== undefined) throw refused(`the table has no column \`${missing}\``);
  requireNamed(plan, table);
  const planned = table.columns.map((column) => ({ column, ...planOf(plan, column.name) }));
  const kept = planned.filter(({ method }) => method !== 'drop');
  if (kept.length === 0) throw refused('the plan drops every column');
  return {
    columns: kept.map(({ column, method, parameters, onFailure }) => {
      requireBeside(plan, table, column, { method, parameters });
      const transformation = methodFor(method, column).make(parameters, contextOf(column, tools));
      return { name: column.name, method, parameters, onFailure, transformation };
    }),
    dropped: planned.filter(({ method }) => method === 'drop').map(({ column }) => column.name),
  };
}

/** @throws DataError HF_DATA_MASK_KEY */
export function requireKeyOf({ keyId }: Plan, { key }: PlanTools): void {
  if (keyId === undefined || key?.id === keyId) return;
  throw new DataError(
    'HF_DATA_MASK_KEY',
    key === undefined
      ? `the plan names the key ${keyId}, and none is given`
      : `the plan names the key ${keyId}, and this is ${key.id}`,
  );
}

/**
 * Names of columns stand in reports and evidence: where the first line of a file may be one of data, they may be somebody's.
 *
 * @throws DataError HF_DATA_MASK_PLAN
 */
export function requireNames({ defects }: Table): void {
  if (!defects.some(({ kind }) => kind === 'header')) return;
  throw new DataError('HF_DATA_MASK_PLAN', 'the first line of the file looks like data, and its names would be shown', {
    fix: 'say with `--header` whether it holds names, or name the columns with `--names`',
  });
}

function requireNamed({ others, columns }: Plan, table: Table): void {
  if (others !== 'refuse') return;
  const unnamed = table.columns.map(({ name }) => name).filter((name) => !columns.has(name));
  if (unnamed.length === 0) return;
  const some = unnamed
    .slice(0, 5)
    .map((name) => `\`${name}\``)
    .join(', ');
  const more = unnamed.length > 5 ? ` and ${unnamed.length - 5} more` : '';
  throw refused(
    `the plan does not say what to do with ${some}${more}`,
    'name every column, or say `others: drop`, `keep` or `redact`',
  );
}

/** What the plan says of a column, by its name or as one of the others. */
export function planOf({ columns, others, onFailure }: Plan, name: string): ColumnPlan {
  return columns.get(name) ?? { method: others === 'refuse' ? 'drop' : others, parameters: {}, onFailure };
}

function methodFor(name: MethodName, { name: column, type }: TableColumn): ReturnType<typeof methodOf> {
  const method = methodOf(name);
  if (method.types?.includes(type) !== false) return method;
  throw refused(`\`${name}\` has no meaning for \`${column}\`, whose values are of the type ${type}`);
}

function requireBeside(
  plan: Plan,
  table: Table,
  { name }: TableColumn,
  { method, parameters }: Pick<ColumnPlan, 'method' | 'parameters'>,
): void {
  for (const beside of methodOf(method).columns?.(parameters) ?? []) {
    if (columnOf(table, beside) === undefined)
      throw refused(`\`${name}\` needs the column \`${beside}\`, which the table does not have`);
    if (method !== 'encrypt' || planOf(plan, beside).method === 'keep') continue;
    throw refused(`\`${name}\` is bound to \`${beside}\`, which is not kept: nobody could decrypt it`);
  }
}

/** What a method is told of a column, and may ask for. */
export function contextOf({ name, type }: TableColumn, { key, hierarchies }: PlanTools): MethodContext {
  return {
    column: { name, type },
    key: () => {
      if (key !== undefined) return key;
      throw new DataError('HF_DATA_MASK_KEY', `what is to be done with \`${name}\` needs a key`, { where: 'keyFile' });
    },
    hierarchy: (of) => {
      const found = hierarchies.get(of);
      if (found !== undefined) return found;
      throw refused(
        `there is no hierarchy \`${of}\` for \`${name}\``,
        'name the file that holds it with `--hierarchies`',
      );
    },
  };
}

const refused = (message: string, fix?: string): DataError =>
  new DataError('HF_DATA_MASK_PLAN', message, fix === undefined ? {} : { fix });
