import type { Json } from '../../validate/expectation-type.ts';
import {
  type Fields,
  fieldsOf,
  flagOf,
  Imported,
  listOf,
  numberOf,
  plainValues,
  refuse,
  shown,
  textOf,
  textsOf,
} from './given.ts';

/** Fields that a schema may have. */
const mostFields = 10_000;

/** Properties that describe and demand nothing. */
const describing = new Set([
  'name',
  'type',
  'format',
  'title',
  'description',
  'example',
  'examples',
  'rdfType',
  'constraints',
]);
const describingSchema = new Set([
  '$schema',
  'fields',
  'name',
  'title',
  'description',
  'profile',
  'primaryKey',
  'missingValues',
  'uniqueKeys',
  'fieldsMatch',
]);

/** Types whose values a reader knows under one of these names. */
const types: Readonly<Record<string, readonly string[]>> = {
  string: ['str'],
  integer: ['int64', 'int32', 'int16', 'int8', 'uint64', 'uint32', 'uint16', 'uint8'],
  number: ['float64', 'float32', 'int64', 'int32', 'int16', 'int8', 'Decimal'],
  boolean: ['bool'],
  year: ['int64', 'int32', 'int16'],
};

/**
 * A Table Schema of Frictionless Data, version 1 or 2 (https://datapackage.org/standard/table-schema/), as expectations.
 *
 * @throws DataError HF_DATA_SCHEMA
 */
export function frictionlessSuite(schema: Fields): ReturnType<Imported['suite']> {
  const made = new Imported();
  const fields = listOf(schema['fields'], '`fields`').map((each, index) => fieldsOf(each, `field ${index + 1}`));
  if (fields.length === 0 || fields.length > mostFields) refuse(`it has ${fields.length} fields`);
  const names = fields.map(({ name }, index) => textOf(name, `the name of field ${index + 1}`));
  if (new Set(names).size < names.length) refuse('two fields have the same name');
  matchNames(made, schema['fieldsMatch'] ?? 'exact', names);
  for (const [index, field] of fields.entries()) importField(made, names[index] ?? '', field);
  importKeys(made, schema, names);
  for (const property of Object.keys(schema)) {
    if (!describingSchema.has(property)) made.leave(`the property ${shown(property)} of the schema has no counterpart`);
  }
  const missing = schema['missingValues'];
  if (missing !== undefined && !(Array.isArray(missing) && missing.length === 1 && missing[0] === ''))
    made.leave('`missingValues`: say them where the table is read (--missing)');
  return made.suite();
}

function matchNames(made: Imported, match: unknown, names: readonly string[]): void {
  const set = { column_set: names };
  if (match === 'exact')
    made.add('expect_table_columns_to_match_ordered_list', { column_list: names }, 'the fields, in their order');
  else if (match === 'equal')
    made.add('expect_table_columns_to_match_set', { ...set, exact_match: true }, 'the fields, in any order');
  else if (match === 'subset')
    made.add('expect_table_columns_to_match_set', { ...set, exact_match: false }, 'the fields, and others');
  else made.leave(`\`fieldsMatch\` ${shown(JSON.stringify(match))} has no counterpart`);
}

function importField(made: Imported, column: string, field: Fields): void {
  const type = textOf(field['type'] ?? 'string', `the type of ${shown(column)}`);
  const format = textOf(field['format'] ?? 'default', `the format of ${shown(column)}`);
  importType(made, column, type, format);
  for (const property of Object.keys(field)) {
    if (!describing.has(property))
      made.leave(`field ${shown(column)}: \`${property.slice(0, 60)}\` has no counterpart`);
  }
  const constraints = fieldsOf(field['constraints'] ?? {}, `\`constraints\` of ${shown(column)}`);
  for (const [name, value] of Object.entries(constraints)) {
    const importer = Object.hasOwn(importers, name) ? importers[name] : undefined;
    if (importer?.(made, { column, type, value, name }) !== true)
      made.leave(
        `field ${shown(column)}: the constraint \`${name.slice(0, 60)}\` of ${shown(type)} has no counterpart`,
      );
  }
}

function importType(made: Imported, column: string, type: string, format: string): void {
  if (type === 'any') return;
  const isDate = type === 'date' && format !== 'any';
  const list = Object.hasOwn(types, type) && format === 'default' ? types[type] : undefined;
  if (list !== undefined)
    made.add('expect_column_values_to_be_in_type_list', { column, type_list: list }, `the type is ${type}`);
  else if (isDate) {
    const strftime = format === 'default' ? '%Y-%m-%d' : format;
    made.add(
      'expect_column_values_to_match_strftime_format',
      { column, strftime_format: strftime },
      'the type is date',
    );
  } else
    made.leave(`field ${shown(column)}: the type ${shown(type)} with the format ${shown(format)} has no counterpart`);
}

interface Constraint {
  readonly column: string;
  readonly type: string;
  readonly name: string;
  readonly value: unknown;
}

type Importer = (made: Imported, constraint: Constraint) => boolean;

const isNumber = (type: string): boolean => type === 'integer' || type === 'number' || type === 'year';

/** An end of a range; those of dates are left, since pandas has texts there. */
const end =
  (end_: 'min_value' | 'max_value', strict?: 'strict_min' | 'strict_max'): Importer =>
  (made, { column, type, value, name }) => {
    if (!isNumber(type)) return false;
    const given = numberOf(
      typeof value === 'string' && value.trim() !== '' ? Number(value) : value,
      `\`${name}\` of ${shown(column)}`,
    );
    const kwargs = { column, [end_]: given, ...(strict === undefined ? {} : { [strict]: true }) };
    made.add('expect_column_values_to_be_between', kwargs, `${name} ${given}`);
    return true;
  };

const length =
  (end_: 'min_value' | 'max_value'): Importer =>
  (made, { column, type, value, name }) => {
    if (type !== 'string') return false;
    const given = numberOf(value, `\`${name}\` of ${shown(column)}`);
    made.add('expect_column_value_lengths_to_be_between', { column, [end_]: given }, `${name} ${given}`);
    return true;
  };

const demand =
  (type: string): Importer =>
  (made, { column, value, name }) => {
    if (flagOf(value, `\`${name}\` of ${shown(column)}`)) made.add(type, { column }, name);
    return true;
  };

const importers: Readonly<Record<string, Importer>> = {
  required: demand('expect_column_values_to_not_be_null'),
  unique: demand('expect_column_values_to_be_unique'),
  minimum: end('min_value'),
  maximum: end('max_value'),
  exclusiveMinimum: end('min_value', 'strict_min'),
  exclusiveMaximum: end('max_value', 'strict_max'),
  minLength: length('min_value'),
  maxLength: length('max_value'),
  pattern(made, { column, type, value, name }) {
    if (type !== 'string') return false;
    const pattern = textOf(value, `\`${name}\` of ${shown(column)}`);
    made.add(
      'expect_column_values_to_match_regex',
      { column, regex: `\\A(?:${pattern})\\Z` },
      'the pattern of all of a value',
    );
    return true;
  },
  enum(made, { column, type, value, name }) {
    if (type !== 'string' && !isNumber(type)) return false;
    const values = plainValues(value, `\`${name}\` of ${shown(column)}`);
    const set: Json[] = values.map((each) => (isNumber(type) ? numberOf(Number(each), 'an entry of `enum`') : each));
    made.add('expect_column_values_to_be_in_set', { column, value_set: set }, `${set.length} values`);
    return true;
  },
};

function importKeys(made: Imported, schema: Fields, names: readonly string[]): void {
  const known = (key: readonly string[]): readonly string[] =>
    key.length > 0 && key.every((name) => names.includes(name)) ? key : refuse('a key names no field');
  const primary = schema['primaryKey'];
  if (primary !== undefined) {
    const key = known(typeof primary === 'string' ? [primary] : textsOf(primary, '`primaryKey`'));
    unique(made, key, 'the primary key');
    // Of several fields Frictionless lets some be missing.
    const [column = ''] = key;
    if (key.length === 1) made.add('expect_column_values_to_not_be_null', { column }, 'it is the primary key');
  }
  for (const key of listOf(schema['uniqueKeys'] ?? [], '`uniqueKeys`'))
    unique(made, known(textsOf(key, 'a unique key')), 'a unique key');
}

function unique(made: Imported, key: readonly string[], note: string): void {
  const [column = ''] = key;
  if (key.length === 1) made.add('expect_column_values_to_be_unique', { column }, note);
  else
    made.add('expect_compound_columns_to_be_unique', { column_list: key, ignore_row_if: 'any_value_is_missing' }, note);
}
