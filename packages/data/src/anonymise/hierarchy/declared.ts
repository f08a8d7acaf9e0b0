import type { ArtifactReader } from '@holdfast/evidence/check';
import { parse } from 'yaml';
import { DataError } from '../../errors.ts';
import { readOptions } from '../../read-options.ts';
import { automaticHierarchy } from './automatic.ts';
import { type ColumnValues, isNumeric } from './column-values.ts';
import { csvHierarchy } from './csv-hierarchy.ts';
import { type DatePrecision, dateHierarchy, datePrecisions } from './dates.ts';
import { type Hierarchy, refuse } from './hierarchy.ts';
import { binHierarchy, edgedHierarchy, widthHierarchy } from './intervals.ts';
import { maskHierarchy } from './masking.ts';
import { type Tree, treeHierarchy } from './tree.ts';

/** How the values of one column get coarser; one of these. */
interface Declaration {
  readonly file?: string;
  readonly tree?: Tree;
  readonly intervals?: readonly (readonly number[])[];
  readonly widths?: readonly number[];
  readonly from?: number;
  readonly quantiles?: number;
  readonly bins?: number;
  readonly dates?: readonly DatePrecision[];
  readonly mask?: readonly number[];
  readonly side?: 'right' | 'left';
  /** Of a sensitive column of texts: its values in their order. */
  readonly order?: readonly string[];
}

/** What is declared, by column, and the text of the files that it names. */
export interface Declarations {
  readonly columns: ReadonlyMap<string, Declaration>;
  readonly files: ReadonlyMap<string, string>;
}

const numbers = { type: 'array', items: { type: 'number' }, minItems: 1, maxItems: 10_000 } as const;
const positive = { type: 'array', items: { type: 'number', exclusiveMinimum: 0 }, minItems: 1, maxItems: 30 } as const;
const count = { type: 'integer', minimum: 2, maximum: 1024 } as const;

const declarationSchema = {
  type: 'object',
  properties: {
    file: { type: 'string', minLength: 1 },
    tree: { type: ['object', 'array'] },
    intervals: { type: 'array', items: numbers, minItems: 1, maxItems: 30 },
    widths: positive,
    from: { type: 'number' },
    quantiles: count,
    bins: count,
    dates: { type: 'array', items: { enum: [...datePrecisions] }, minItems: 1 },
    mask: { type: 'array', items: { type: 'integer', minimum: 1, maximum: 1000 }, minItems: 1, maxItems: 30 },
    side: { type: 'string', enum: ['right', 'left'] },
    order: { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 100_000 },
  },
  additionalProperties: false,
} as const;

const schema = { type: 'object', additionalProperties: declarationSchema };

/** Bytes that a file with a hierarchy may have. */
const largest = 64 * 2 ** 20;

/**
 * What the file or the folder of the option `hierarchies` says: a YAML or JSON file with a declaration for each column, a CSV file named
 * for its column, or a folder of such, in which the YAML file is called `hierarchies.yaml`.
 *
 * @throws DataError HF_DATA_HIERARCHY, HF_DATA_OPTIONS
 */
export async function readDeclarations(reader: ArtifactReader | undefined): Promise<Declarations> {
  const columns = new Map<string, Declaration>();
  const files = new Map<string, string>();
  for (const { name } of reader?.files ?? []) {
    const text = new TextDecoder().decode(await reader?.read(name, largest));
    if (/\.csv$/i.test(name)) files.set(name, text);
    else if (/\.(ya?ml|json)$/i.test(name)) declared(name, text, columns);
  }
  for (const name of files.keys()) {
    const column = name.replace(/^.*\//, '').replace(/\.csv$/i, '');
    if (![...columns.values()].some(({ file }) => file === name) && !columns.has(column))
      columns.set(column, { file: name });
  }
  return { columns, files };
}

function declared(name: string, text: string, columns: Map<string, Declaration>): void {
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 10 }) ?? {};
  } catch (cause) {
    throw new DataError('HF_DATA_HIERARCHY', `\`${name}\` is neither YAML nor JSON`, { where: name, cause });
  }
  for (const [column, each] of Object.entries(readOptions(schema, value))) columns.set(column, each as Declaration);
}

/**
 * The hierarchy of a column: the declared one, or one that is made of its values.
 *
 * @throws DataError HF_DATA_HIERARCHY
 */
export function hierarchyFor(given: ColumnValues, { columns, files }: Declarations): Hierarchy {
  const { column, values, counts } = given;
  const said = columns.get(column) ?? {};
  const kinds = (['file', 'tree', 'intervals', 'widths', 'quantiles', 'bins', 'dates', 'mask'] as const).filter(
    (kind) => said[kind] !== undefined,
  );
  if (kinds.length > 1) refuse(column, `is declared in ${kinds.length} ways`, `keep one of ${kinds.join(', ')}`);
  if (said.file !== undefined) {
    const text = files.get(said.file);
    if (text === undefined) refuse(column, `is in \`${said.file}\`, which is not there`);
    return csvHierarchy(column, values, text, isNumeric(given));
  }
  if (said.tree !== undefined) return treeHierarchy(column, values, said.tree);
  if (said.intervals !== undefined) return edgedHierarchy(column, values, said.intervals);
  if (said.widths !== undefined) return widthHierarchy(column, values, said.widths, said.from ?? 0);
  if (said.quantiles !== undefined)
    return binHierarchy(column, values, counts, { bins: said.quantiles, kind: 'quantiles' });
  if (said.bins !== undefined) return binHierarchy(column, values, counts, { bins: said.bins, kind: 'equal' });
  if (said.dates !== undefined) return dateHierarchy(column, values, said.dates);
  if (said.mask !== undefined) return maskHierarchy(column, values, said.mask, said.side);
  return automaticHierarchy(given);
}
