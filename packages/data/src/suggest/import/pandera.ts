import type { Json } from '../../validate/expectation-type.ts';
import type { SuiteSeverity } from '../../validate/suite.ts';
import {
  type Fields,
  fieldsOf,
  flagOf,
  Imported,
  numberOf,
  plainValues,
  refuse,
  shown,
  textOf,
  textsOf,
} from './given.ts';

const mostColumns = 10_000;

/** Of a column, what is no check. */
const ofColumn = new Set([
  'title',
  'description',
  'dtype',
  'nullable',
  'checks',
  'unique',
  'coerce',
  'required',
  'regex',
  'metadata',
  'report_duplicates',
]);
const ofSchema = new Set([
  'schema_type',
  'version',
  'api',
  'columns',
  'strict',
  'name',
  'ordered',
  'unique',
  'coerce',
  'title',
  'description',
  'report_duplicates',
  'unique_column_names',
  'metadata',
]);

const types: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    ['int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64', 'float32', 'float64'].map((name) => [
      name,
      [name],
    ]),
  ),
  bool: ['bool'],
  str: ['str'],
  'datetime64[ns]': ['datetime64[ns]', 'datetime64'],
};

/**
 * A schema as `DataFrameSchema.to_yaml()` and `to_json()` of pandera write it, with checks under `checks` (to 0.2x) or beside
 * the other properties of a column (from 0.3x on), as expectations. Python code is never run.
 *
 * @throws DataError HF_DATA_SCHEMA
 */
export function panderaSuite(schema: Fields): ReturnType<Imported['suite']> {
  const made = new Imported();
  if (schema['schema_type'] !== 'dataframe') refuse('its `schema_type` is not `dataframe`');
  const columns = Object.entries(fieldsOf(schema['columns'], '`columns`'));
  if (columns.length === 0 || columns.length > mostColumns) refuse(`it has ${columns.length} columns`);
  const all = columns.map(([name, given]) => ({ name, given: fieldsOf(given, `the column ${shown(name)}`) }));
  importNames(made, schema, all);
  for (const { name, given } of all) importColumn(made, name, given);
  importUnique(made, schema['unique']);
  for (const [property, value] of Object.entries(schema)) {
    const isOpen = !ofSchema.has(property) && value !== null && value !== false;
    if (isOpen || (property === 'coerce' && value === true))
      made.leave(`the property ${shown(property)} of the schema has no counterpart`);
  }
  return made.suite();
}

interface Column {
  readonly name: string;
  readonly given: Fields;
}

const isRequired = ({ given }: Column): boolean => given['required'] !== false;

function importNames(made: Imported, schema: Fields, columns: readonly Column[]): void {
  const names = columns.map(({ name }) => name);
  const [isStrict, isOrdered] = [schema['strict'] === true, flagOf(schema['ordered'], '`ordered`')];
  if (schema['strict'] === 'filter') made.leave('`strict: filter` changes the data');
  const isFixed = columns.every((column) => isRequired(column) && column.given['regex'] !== true);
  if (isStrict && isOrdered && isFixed) {
    made.add('expect_table_columns_to_match_ordered_list', { column_list: names }, '`strict` and `ordered`');
  } else if (isStrict && isFixed) {
    made.add('expect_table_columns_to_match_set', { column_set: names, exact_match: true }, '`strict`');
  } else {
    if (isStrict) made.leave('`strict`, beside columns that may be absent, has no counterpart');
    if (isOrdered) made.leave('`ordered`, beside other columns, has no counterpart');
    for (const column of columns)
      if (isRequired(column) && column.given['regex'] !== true)
        made.add('expect_column_to_exist', { column: column.name }, 'the column is required');
  }
}

function importUnique(made: Imported, given: unknown): void {
  if (given === undefined || given === null) return;
  const key = typeof given === 'string' ? [given] : textsOf(given, '`unique`');
  const kwargs = { column_list: key, ignore_row_if: 'never' };
  if (key.length > 1) made.add('expect_compound_columns_to_be_unique', kwargs, 'these values together');
  else made.leave('`unique` of one column of the schema, where nothing equals nothing, has no counterpart');
}

function importColumn(made: Imported, column: string, given: Fields): void {
  const about = (why: string): void => {
    made.leave(`column ${shown(column)}: ${why}`);
  };
  if (given['regex'] === true) {
    about('it stands for all whose names match');
    return;
  }
  if (!isRequired({ name: column, given })) {
    about('it may be absent: an expectation about it would then not be met');
    return;
  }
  if (given['coerce'] === true) about('`coerce` changes the data');
  importType(made, column, given['dtype']);
  const isNullable = flagOf(given['nullable'], `\`nullable\` of ${shown(column)}`);
  if (!isNullable) made.add('expect_column_values_to_not_be_null', { column }, 'it is not nullable');
  if (flagOf(given['unique'], `\`unique\` of ${shown(column)}`)) {
    made.add('expect_column_values_to_be_unique', { column }, 'unique');
    if (isNullable) about('`unique` counts missing values too, which an expectation passes over');
  }
  for (const [name, value] of checksOf(given, column)) importCheck(made, column, name, value);
}

function importType(made: Imported, column: string, given: unknown): void {
  if (given === null || given === undefined) return;
  const dtype = textOf(given, `\`dtype\` of ${shown(column)}`);
  const list = Object.hasOwn(types, dtype) ? types[dtype] : undefined;
  if (list === undefined) made.leave(`column ${shown(column)}: the dtype ${shown(dtype)} has no counterpart`);
  else made.add('expect_column_values_to_be_in_type_list', { column, type_list: list }, `the dtype is ${dtype}`);
}

function checksOf(given: Fields, column: string): [string, unknown][] {
  const beside = Object.entries(given).filter(([name, value]) => !ofColumn.has(name) && value !== null);
  const { checks } = given;
  if (checks === undefined || checks === null) return beside;
  return [...beside, ...Object.entries(fieldsOf(checks, `\`checks\` of ${shown(column)}`))];
}

/** Options that leave what a check demands as it is. */
const harmless = new Set(['raise_warning', 'ignore_na']);

function importCheck(made: Imported, column: string, name: string, given: unknown): void {
  const what = `\`${name.slice(0, 60)}\` of ${shown(column)}`;
  const isDetailed = typeof given === 'object' && given !== null && !Array.isArray(given);
  const { options, ...inner } = isDetailed ? (given as Fields) : { options: undefined };
  const detailed: Fields = { ...inner, ...(options === undefined || options === null ? {} : fieldsOf(options, what)) };
  const severity: SuiteSeverity = detailed['raise_warning'] === true ? 'warning' : 'critical';
  const demanded = Object.entries(detailed).filter(([key]) => !harmless.has(key));
  const isIgnoring = detailed['ignore_na'] !== false;
  const value = isDetailed && demanded.length === 1 ? demanded[0]?.[1] : given;
  const check = Object.hasOwn(checks_, name) && isIgnoring ? checks_[name] : undefined;
  const made_ = check?.(value, isDetailed ? Object.fromEntries(demanded) : {}, what);
  if (made_ === undefined) made.leave(`column ${shown(column)}: the check \`${name.slice(0, 60)}\` has no counterpart`);
  else made.add(made_[0], { column, ...made_[1] }, `the check ${name}`, severity);
}

type Made = readonly [type: string, kwargs: Readonly<Record<string, Json>>];
type Check = (value: unknown, all: Fields, what: string) => Made | undefined;

const between = 'expect_column_values_to_be_between';
const regex = 'expect_column_values_to_match_regex';
const literal = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);

const checks_: Readonly<Record<string, Check>> = {
  greater_than: (value, _, what) => [between, { min_value: numberOf(value, what), strict_min: true }],
  greater_than_or_equal_to: (value, _, what) => [between, { min_value: numberOf(value, what) }],
  less_than: (value, _, what) => [between, { max_value: numberOf(value, what), strict_max: true }],
  less_than_or_equal_to: (value, _, what) => [between, { max_value: numberOf(value, what) }],
  in_range: (_, { min_value: least, max_value: greatest, include_min: min, include_max: max, ...more }, what) =>
    Object.keys(more).length > 0
      ? undefined
      : [
          between,
          {
            ...{ min_value: numberOf(least, what), max_value: numberOf(greatest, what) },
            ...(min === false ? { strict_min: true } : {}),
            ...(max === false ? { strict_max: true } : {}),
          },
        ],
  equal_to: (value, _, what) => ['expect_column_values_to_be_in_set', { value_set: plainValues([value], what) }],
  not_equal_to: (value, _, what) => [
    'expect_column_values_to_not_be_in_set',
    { value_set: plainValues([value], what) },
  ],
  isin: (value, _, what) => ['expect_column_values_to_be_in_set', { value_set: plainValues(value, what) }],
  notin: (value, _, what) => ['expect_column_values_to_not_be_in_set', { value_set: plainValues(value, what) }],
  str_matches: (value, _, what) => [regex, { regex: `\\A(?:${textOf(value, what)})` }],
  str_contains: (value, _, what) => [regex, { regex: textOf(value, what) }],
  str_startswith: (value, _, what) => [regex, { regex: `\\A${literal(textOf(value, what))}` }],
  str_endswith: (value, _, what) => [regex, { regex: `${literal(textOf(value, what))}\\Z` }],
  str_length: (
    _,
    { min_value: least = null, max_value: greatest = null, exact_value: exact = null, ...more },
    what,
  ) => {
    if (Object.keys(more).length > 0 || (exact !== null && (least !== null || greatest !== null))) return undefined;
    if (exact !== null) return ['expect_column_value_lengths_to_equal', { value: numberOf(exact, what) }];
    return [
      'expect_column_value_lengths_to_be_between',
      {
        ...(least === null ? {} : { min_value: numberOf(least, what) }),
        ...(greatest === null ? {} : { max_value: numberOf(greatest, what) }),
      },
    ];
  },
};
