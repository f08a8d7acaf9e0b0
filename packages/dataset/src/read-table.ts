import { requireSize, requireStats, tooLarge } from './bounded-file.ts';
import { DatasetError, shown } from './errors.ts';
import type { Column, ColumnOption, Limits, SampleOptions, Samples } from './samples.ts';
import { numberOf, type ReadText, type Surveyed, survey } from './survey.ts';
import { type TableFormat, TextTable } from './text-table.ts';

/**
 * A table as numbers. All rows are read twice: to know what the columns are, and to fill them in.
 * @throws DatasetError
 */
export async function readTable(
  path: string,
  format: TableFormat['format'],
  options: SampleOptions,
  limits: Limits,
): Promise<Samples> {
  const { size } = requireStats(path);
  if (size > limits.fileBytes) tooLarge(path, `has ${size} bytes`, 'fileBytes', limits);
  const table = await TextTable.open(path, {
    format,
    separator: options.separator ?? ',',
    ...(options.names === undefined ? {} : { names: options.names }),
  });
  try {
    return await samplesOf(table, path, options, limits);
  } finally {
    table.close();
  }
}

async function samplesOf(table: TextTable, path: string, options: SampleOptions, limits: Limits): Promise<Samples> {
  const wanted = wantedOf(table.names, options, path);
  const { label } = options;
  const names = [...wanted.map(({ name }) => name), ...(label === undefined ? [] : [label])];
  const read = readerOf(options);
  const surveyed = await survey(table, names, read, { path, limits });
  const columns = wanted.map((option) => columnOf(option, surveyed.columns.get(option.name), path));
  const shape = [surveyed.rows, columns.length];
  const values = new Float32Array(requireSize(path, shape, limits));
  const coders = columns.map((column) => coderOf(column, options, path));
  const labelled = label === undefined ? undefined : labellerOf(label, surveyed.columns.get(label), options, path);
  const Labels = options.targets === true ? Float32Array : Int32Array;
  const labels = new Labels(labelled === undefined ? 0 : surveyed.rows);
  let row = 0;
  for await (const part of table.parts(names)) {
    const rows = part[0]?.length ?? 0;
    // A file that grew between the two passes would write past the end, where nothing is kept.
    for (const [index, coder] of coders.entries()) {
      for (let at = 0; at < rows; at += 1) {
        values[(row + at) * columns.length + index] = coder(read(part[index]?.[at] ?? null), row + at);
      }
    }
    if (labelled !== undefined) {
      for (let at = 0; at < rows; at += 1) labels[row + at] = labelled.code(read(part.at(-1)?.[at] ?? null), row + at);
    }
    row += rows;
  }
  if (row !== surveyed.rows)
    throw new DatasetError('HF_DATASET_FORMAT', `${shown(path)} changed while it was read`, { where: path });
  if (labelled === undefined) return { shape, values, columns };
  if (labels instanceof Float32Array) return { shape, values, targets: labels, columns };
  const { classes } = labelled;
  return { shape, values, labels, columns, ...(classes === undefined ? {} : { classes: [...classes] }) };
}

/** A column to be read, of a kind that may still have to be found out. */
type Wanted = ColumnOption | { readonly name: string; readonly kind?: undefined };

function wantedOf(names: readonly string[], { columns, label }: SampleOptions, path: string): Wanted[] {
  const wanted: Wanted[] = [...(columns ?? names.filter((name) => name !== label).map((name) => ({ name })))];
  const asked = [...wanted.map(({ name }) => name), ...(label === undefined ? [] : [label])];
  const unknown = asked.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const has = names.map(shown).join(', ').slice(0, 400);
    refuse('HF_DATASET_COLUMN', `there is no column ${shown(unknown)} in ${shown(path)}, it has ${has}`, path);
  }
  const twice = asked.find((name, index) => asked.indexOf(name) !== index);
  if (twice !== undefined) refuse('HF_DATASET_COLUMN', `the column ${shown(twice)} is asked for twice`, path);
  if (wanted.length === 0) refuse('HF_DATASET_COLUMN', `${shown(path)} has no column beside the label`, path);
  return wanted;
}

function readerOf({ missing }: SampleOptions): ReadText {
  const absent = new Set(['', ...(missing?.texts ?? [])]);
  return (text) => {
    const trimmed = text?.trim();
    return trimmed === undefined || absent.has(trimmed) ? undefined : trimmed;
  };
}

function columnOf(wanted: Wanted, surveyed: Surveyed | undefined, path: string): Column {
  const { name } = wanted;
  const kind = wanted.kind ?? (surveyed?.isNumeric === true ? 'numeric' : 'categorical');
  if (kind === 'numeric') return { name, kind };
  const given = wanted.kind === 'categorical' ? wanted.categories : undefined;
  if (given !== undefined && new Set(given).size !== given.length) {
    refuse('HF_DATASET_OPTIONS', `a category of the column ${shown(name)} is given twice`, path);
  }
  return { name, kind, categories: given ?? surveyed?.texts() ?? [] };
}

/** What turns a text of a row into its number. */
type Coder = (text: string | undefined, row: number) => number;

function coderOf(column: Column, { missing }: SampleOptions, path: string): Coder {
  const codes =
    column.kind === 'categorical' ? new Map(column.categories.map((each, index) => [each, index])) : undefined;
  const becomes = missing?.becomes;
  const place = (row: number): string => `in row ${row + 1} of the column ${shown(column.name)}, in ${shown(path)}`;
  return (text, row) => {
    if (text === undefined) {
      return becomes ?? refuse('HF_DATASET_MISSING', `a value is missing ${place(row)}`, path);
    }
    const code = codes === undefined ? numberOf(text) : codes.get(text);
    if (code !== undefined) return code;
    const what = codes === undefined ? 'is not a number' : 'is not among the categories';
    return refuse('HF_DATASET_COLUMN', `${shown(text)} ${what} ${place(row)}`, path);
  };
}

function labellerOf(
  label: string,
  surveyed: Surveyed | undefined,
  options: SampleOptions,
  path: string,
): { readonly code: Coder; readonly classes?: readonly string[] } {
  if (options.targets === true) return { code: valueCoder(label, path) };
  const classes = options.classes ?? (surveyed?.isWhole === true ? undefined : surveyed?.texts());
  const codes = classes === undefined ? undefined : new Map(classes.map((each, index) => [each, index]));
  const code: Coder = (text, row) => {
    const found = text === undefined ? undefined : codes === undefined ? numberOf(text) : codes.get(text);
    if (found !== undefined) return found;
    const what = text === undefined ? 'is missing' : `${shown(text)} is not among the classes`;
    return refuse(
      'HF_DATASET_LABELS',
      `the label ${what} in row ${row + 1} of ${shown(label)}, in ${shown(path)}`,
      path,
    );
  };
  return { code, ...(classes === undefined ? {} : { classes }) };
}

/** A label that is a value: finite as float32. */
function valueCoder(label: string, path: string): Coder {
  return (text, row) => {
    const value = text === undefined ? undefined : numberOf(text);
    if (value !== undefined && Number.isFinite(Math.fround(value))) return value;
    const what = text === undefined ? 'is missing' : `${shown(text)} is no value`;
    return refuse(
      'HF_DATASET_LABELS',
      `the label ${what} in row ${row + 1} of ${shown(label)}, in ${shown(path)}`,
      path,
    );
  };
}

function refuse(
  code: 'HF_DATASET_COLUMN' | 'HF_DATASET_OPTIONS' | 'HF_DATASET_MISSING' | 'HF_DATASET_LABELS',
  message: string,
  path: string,
): never {
  throw new DatasetError(code, message, { where: path });
}
