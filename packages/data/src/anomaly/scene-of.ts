import type { TableColumn } from '@holdfast/dataset';
import { DataError } from '../errors.ts';
import { longText } from './aspects/near.ts';
import type { Scene, Tables } from './aspects/scene.ts';
import { columnFacts } from './columns/column-facts.ts';
import { identifierSign } from './columns/identifiers.ts';
import type { AnomalyOptions } from './options.ts';

/** @throws DataError HF_DATA_OPTIONS of a column that the table does not have */
export async function sceneOf(
  tables: Tables,
  reference: Tables | undefined,
  options: AnomalyOptions,
  { showsValues, signal }: Pick<Scene, 'showsValues' | 'signal'>,
): Promise<Scene> {
  const named = (name: string, option: string): TableColumn => columnNamed(tables, name, option);
  for (const name of options.text ?? []) {
    const { type } = named(name, 'text');
    if (type !== 'text') {
      throw new DataError('HF_DATA_OPTIONS', `the column \`${name}\` holds no texts`, { where: 'text' });
    }
  }
  const columns = options.columns?.map((name) => named(name, 'columns')) ?? tables[0].columns;
  const label = options.label === undefined ? undefined : named(options.label, 'label');
  const asked = new Set([...columns, ...(label === undefined ? [] : [label])]);
  for (const name of options.text ?? []) asked.add(named(name, 'text'));
  const facts = await columnFacts(tables, [...asked], signal);
  const identifiers = facts.flatMap((each) => {
    const sign = each.column === label ? undefined : identifierSign(each, longText);
    return sign === undefined ? [] : [[each.column.name, sign] as const];
  });
  const labelFacts = facts.find(({ column }) => column === label);
  return {
    ...{ tables, options, columns, facts, identifiers: new Map(identifiers), showsValues, signal },
    rows: tables.reduce((sum, { rows }) => sum + rows, 0),
    ...(reference === undefined ? {} : { reference }),
    ...(labelFacts === undefined ? {} : { label: labelFacts }),
  };
}

function columnNamed(tables: Tables, name: string, option: string): TableColumn {
  const { columns } = tables[0];
  const found = columns.find((column) => column.name === name);
  if (found !== undefined) return found;
  const known = columns.slice(0, 20).map((column) => `\`${column.name}\``);
  throw new DataError('HF_DATA_OPTIONS', `the table has no column \`${name}\``, {
    where: option,
    fix: `name one of ${known.join(', ')}${columns.length > known.length ? ' …' : ''}`,
  });
}
