import { parseDocument, visit } from 'yaml';
import { TrialsError } from '../errors.ts';
import type { TableColumn, TableColumns } from './columns.ts';
import { columnKeys, columnLimits, tableColumnsSchema } from './columns-schema.ts';
import { parseRule, type TableRule } from './linear-form.ts';
import { requireConsistent } from './rule-check.ts';

/**
 * Reads what the columns of a table are from YAML 1.2, of which JSON is a part: every key is known, every size bounded,
 * every rule about columns that are there.
 * @param file for messages
 * @throws TrialsError HF_TRIALS_COLUMNS
 * @example
 * ```ts
 * import { parseColumns } from '@holdfast/trials/tables/parse-columns';
 * const { columns } = parseColumns('columns: [{ name: age, kind: integer, low: 17, high: 90, direction: up }]');
 * ```
 */
export function parseColumns(text: string, file = 'columns.yaml'): TableColumns {
  if (Buffer.byteLength(text) > columnLimits.bytes) refuse(`\`${file}\` is over 512 KiB`, file);
  return columnsOf(plainOf(text, file), file);
}

/** @throws TrialsError HF_TRIALS_COLUMNS */
export function columnsOf(given: unknown, file: string): TableColumns {
  const at = new Place(given, file, '');
  at.requireKeys(tableColumnsSchema.properties);
  const columns = at.list('columns', 1, columnLimits.columns).map(columnOf);
  const rules = at.has('rules') ? at.list('rules', 0, columnLimits.rules).map(ruleOf) : [];
  const declared = {
    scale: at.oneOf('scale', tableColumnsSchema.properties.scale.enum) ?? 'deviation',
    changes: at.whole('changes', 1),
    categoryChanges: at.whole('categoryChanges', 0),
    columns,
    rules,
  };
  requireConsistent(declared, (message) => refuse(message, file));
  return declared;
}

function ruleOf(at: Place): TableRule {
  const text = at.asText(2000);
  const rule = parseRule(text);
  return typeof rule === 'string' ? at.refuse(`the rule \`${text.slice(0, 200)}\` ${rule}`) : rule;
}

function columnOf(at: Place): TableColumn {
  const kind = at.oneOf('kind', ['numeric', 'integer', 'categorical', 'one-hot'] as const) ?? at.missing('kind');
  at.requireKeys(columnKeys[kind]);
  const any = {
    name: at.text('name') ?? at.missing('name'),
    immutable: at.flag('immutable') ?? false,
    input: at.value('input') === false ? (false as const) : at.text('input'),
  };
  if (kind === 'categorical') {
    const texts = at.texts('categories');
    const codes = at.numbers('codes');
    if ((texts === undefined) === (codes === undefined))
      at.refuse(`\`${any.name}\` has not one of categories and codes`);
    const categories = texts ?? (codes ?? []).map(String);
    return { ...any, kind, categories, codes: codes ?? [...categories.keys()], isCoded: codes !== undefined };
  }
  if (kind === 'one-hot') {
    const [categories, columns] = [at.texts('categories'), at.texts('columns')];
    const either = categories ?? columns;
    if (either === undefined || (categories !== undefined && columns !== undefined)) {
      return at.refuse(`\`${any.name}\` has not one of categories and columns`);
    }
    return { ...any, kind, categories: either, columns };
  }
  const [low, high, change] = [at.number('low'), at.number('high'), at.number('change')];
  if (low !== undefined && high !== undefined && low > high) at.refuse(`\`${any.name}\` has its low above its high`);
  if (change !== undefined && change <= 0) at.refuse(`the change of \`${any.name}\` is not above 0`);
  return { ...any, kind, low, high, change, direction: at.oneOf('direction', ['up', 'down'] as const) };
}

function refuse(message: string, where: string, cause?: unknown): never {
  throw new TrialsError('HF_TRIALS_COLUMNS', message, cause === undefined ? { where } : { where, cause });
}

/** Aliases are refused: a file of this kind needs none, and a few of them make gigabytes. */
function plainOf(text: string, file: string): unknown {
  try {
    const document = parseDocument(text, { version: '1.2', schema: 'core', uniqueKeys: false, logLevel: 'error' });
    const problem = document.errors[0] ?? document.warnings[0];
    if (problem !== undefined) return refuse(`\`${file}\` is not YAML: ${firstLine(problem)}`, file, problem);
    visit(document, {
      Alias: () => refuse(`\`${file}\` holds an alias`, file),
      Map: (_, { items }) => {
        const keys = items.map(({ key }) => String(key));
        const twice = new Set(keys).size === keys.length ? undefined : keys.find((key, at) => keys.indexOf(key) !== at);
        if (twice !== undefined) refuse(`\`${file}\` has the key \`${twice.slice(0, 80)}\` twice`, file);
      },
    });
    return document.toJS() as unknown;
  } catch (cause) {
    if (cause instanceof TrialsError) throw cause;
    return refuse(`\`${file}\` is not YAML: ${firstLine(cause)}`, file, cause);
  }
}

function firstLine(cause: unknown): string {
  return cause instanceof Error ? (cause.message.split('\n')[0] ?? '').slice(0, 200) : 'it cannot be read';
}

/** A value of the file and where it stands. */
class Place {
  readonly #given: unknown;
  readonly #file: string;
  readonly #path: string;

  constructor(given: unknown, file: string, path: string) {
    this.#given = given;
    this.#file = file;
    this.#path = path;
  }

  refuse(message: string): never {
    return refuse(message, `${this.#file}${this.#path === '' ? '' : `: ${this.#path}`}`);
  }

  missing(key: string): never {
    return this.refuse(`\`${key}\` is missing`);
  }

  requireKeys(known: Readonly<Record<string, unknown>>): void {
    const odd = Object.keys(this.#object()).find((key) => !Object.hasOwn(known, key));
    if (odd !== undefined)
      this.refuse(`\`${odd.slice(0, 80)}\` is no key here, there are ${Object.keys(known).join(', ')}`);
  }

  has(key: string): boolean {
    return this.value(key) !== undefined;
  }

  value(key: string): unknown {
    const given = this.#object();
    return Object.hasOwn(given, key) ? given[key] : undefined;
  }

  list(key: string, least: number, most: number): Place[] {
    const value = this.value(key) ?? this.missing(key);
    if (!Array.isArray(value)) return this.refuse(`\`${key}\` is no list`);
    if (value.length < least || value.length > most) this.refuse(`\`${key}\` has not ${least} to ${most} entries`);
    return value.map((each: unknown, index) => new Place(each, this.#file, `${key}[${index}]`));
  }

  asText(most: number): string {
    const value = this.#given;
    if (typeof value !== 'string' || value === '') return this.refuse('this is no text');
    return value.length > most ? this.refuse(`this is longer than ${most} characters`) : value;
  }

  text(key: string): string | undefined {
    return this.has(key)
      ? new Place(this.value(key), this.#file, this.#below(key)).asText(columnLimits.name)
      : undefined;
  }

  texts(key: string): string[] | undefined {
    if (!this.has(key)) return undefined;
    const found = this.list(key, 1, columnLimits.categories).map((each) => each.asText(columnLimits.name));
    return new Set(found).size === found.length ? found : this.refuse(`an entry of \`${key}\` is there twice`);
  }

  numbers(key: string): number[] | undefined {
    if (!this.has(key)) return undefined;
    const found = this.list(key, 1, columnLimits.categories).map((each) => each.#asNumber(key));
    return new Set(found.map(Math.fround)).size === found.length
      ? found
      : this.refuse(`an entry of \`${key}\` is there twice`);
  }

  number(key: string): number | undefined {
    return this.has(key) ? new Place(this.value(key), this.#file, this.#below(key)).#asNumber(key) : undefined;
  }

  whole(key: string, least: number): number | undefined {
    const value = this.number(key);
    if (value === undefined || (Number.isSafeInteger(value) && value >= least)) return value;
    return this.refuse(`\`${key}\` is no whole number of ${least} or more`);
  }

  flag(key: string): boolean | undefined {
    const value = this.value(key);
    return value === undefined || typeof value === 'boolean' ? value : this.refuse(`\`${key}\` is not true or false`);
  }

  oneOf<T extends string>(key: string, known: readonly T[]): T | undefined {
    const value = this.value(key);
    if (value === undefined) return undefined;
    return known.find((each) => each === value) ?? this.refuse(`\`${key}\` is none of ${known.join(', ')}`);
  }

  #asNumber(key: string): number {
    const value = this.#given;
    if (typeof value === 'number' && Number.isFinite(Math.fround(value))) return value;
    return this.refuse(`\`${key}\` is no number that a model can take`);
  }

  #below(key: string): string {
    return this.#path === '' ? key : `${this.#path}.${key}`;
  }

  #object(): Readonly<Record<string, unknown>> {
    const given = this.#given;
    if (typeof given === 'object' && given !== null && !Array.isArray(given)) return given as Record<string, unknown>;
    return this.refuse('this is no mapping');
  }
}
