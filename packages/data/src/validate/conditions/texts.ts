import type { Dialect } from '@holdfast/dataset';
import { pythonPattern } from '../patterns/index.ts';
import type { Demand } from './demand.ts';
import { notUnderstood } from './not-understood.ts';
import type { Constant } from './syntax.ts';
import { bounded, type Value } from './value.ts';

const ascii = String.raw`\x01-\x7F`;
/** Characters with one letter for another, whoever is asked, or without another: not ß, İ, ŉ or Σ. */
const alike = String.raw`${ascii}\x{A0}-\x{DE}\x{E0}-\x{12F}\x{131}-\x{148}\x{14A}-\x{17F}\p{Lo}\p{P}\p{Z}\p{Nd}\p{Sc}\p{Sm}\x{1F300}-\x{1FAFF}`;

/** Constants that a method was given. */
export interface ConstantGiven {
  readonly positional: readonly Constant[];
  readonly named: ReadonlyMap<string, Constant>;
}

/** `name.str.…` of pandas for a column of texts: NULL of a missing one, unless `na` says what it is. */
export function textMethod(
  dialect: Dialect,
  method: string,
  sql: string,
  given: ConstantGiven,
  demands: Demand[],
): Value {
  if (method === 'lower' || method === 'upper') return inOneCase(dialect, method, sql, given, demands);
  if (method === 'len') {
    if (given.positional.length + given.named.size > 0) return notUnderstood('arguments of `len`');
    return { kind: 'number', sql: dialect.length(sql), isWhole: true };
  }
  const options = new Map(given.named);
  const [pattern] = given.positional;
  if (given.positional.length !== 1 || typeof pattern !== 'string')
    return notUnderstood(`\`.str.${method}\` without exactly one text`);
  const take = (name: string): Constant | undefined => {
    const value = options.get(name);
    options.delete(name);
    return value;
  };
  const missing = take('na');
  const holds = found(dialect, method, sql, pattern, take);
  if (options.size > 0)
    return notUnderstood(`the argument \`${[...options.keys()].join('`, `')}\` of \`.str.${method}\``);
  if (missing === undefined) return { kind: 'truth', sql: `(${holds})`, missing: 'a column of texts' };
  if (typeof missing !== 'boolean') return notUnderstood(`\`na\` of \`.str.${method}\``);
  return { kind: 'truth', sql: `COALESCE(${holds}, ${dialect.literal(missing)})` };
}

function inOneCase(
  dialect: Dialect,
  method: 'lower' | 'upper',
  sql: string,
  given: ConstantGiven,
  demands: Demand[],
): Value {
  if (given.positional.length + given.named.size > 0) return notUnderstood(`arguments of \`${method}\``);
  demands.push({
    broken: `COALESCE(${dialect.matches(sql, `[^${dialect.name === 'duckdb' ? alike : ascii}]`)}, FALSE)`,
    reason: `it asks for \`.str.${method}()\` of letters that engines do not surely write as Python does`,
  });
  return { kind: 'text', sql: bounded(`${method}(${sql})`) };
}

function found(
  dialect: Dialect,
  method: string,
  sql: string,
  text: string,
  take: (name: string) => Constant | undefined,
): string {
  const count = Array.from(text).length;
  const literal = dialect.literal(text);
  switch (method) {
    case 'startswith':
      return `substring(${sql}, 1, ${count}) = ${literal}`;
    case 'endswith':
      return `${dialect.length(sql)} >= ${count} AND substring(${sql}, ${dialect.length(sql)} - ${count - 1}, ${count}) = ${literal}`;
    case 'contains': {
      if (take('regex') === false) return `POSITION(${literal} IN ${sql}) > 0`;
      return matched(dialect, sql, take('case') === false ? `(?i)${text}` : text);
    }
    case 'match':
      return matched(dialect, sql, `\\A(?:${text})`);
    case 'fullmatch':
      return matched(dialect, sql, `(?:${text})\\Z`, '\\A');
    default:
      return notUnderstood(`\`.str.${method}\``);
  }
}

function matched(dialect: Dialect, sql: string, source: string, before = ''): string {
  const pattern = pythonPattern(`${before}${source}`);
  if (pattern.engine !== 're2' || dialect.name !== 'duckdb')
    return notUnderstood('a pattern in it is more than this engine can search for');
  return dialect.matches(sql, pattern.re2);
}
