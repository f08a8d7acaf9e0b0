import type { Table } from '@holdfast/dataset';
import { ArithmeticWriter } from './arithmetic.ts';
import { compared, sqlOf } from './compare.ts';
import { dateField } from './dates.ts';
import type { Demand } from './demand.ts';
import { notUnderstood } from './not-understood.ts';
import type { Comparison, Constant, Given, Node } from './syntax.ts';
import { type ConstantGiven, textMethod } from './texts.ts';
import { bounded, called, columnValue, type Value } from './value.ts';

/** Rows that a condition chooses. */
export interface CompiledCondition {
  /** True or false, never NULL. */
  readonly where: string;
  readonly demands: readonly Demand[];
}

/**
 * Writes a condition as SQL that chooses the rows that pandas would choose.
 *
 * @param isWhole whether the table lies in one file: only then is pandas' `index` the number of a row
 * @throws Unanswerable
 */
export function compileCondition(node: Node, table: Table, isWhole: boolean): CompiledCondition {
  const compiler = new Compiler(table, isWhole);
  return { where: compiler.rows(node), demands: compiler.demands };
}

type Truth = Extract<Value, { kind: 'truth' }>;

/** Names that pandas finds before any column. */
const shadowing = new Set(['Timestamp', 'datetime', 'list', 'tuple', 'inf', 'Inf']);

/** How `.between()` compares with its ends. */
const betweenSigns: Readonly<Record<'both' | 'neither' | 'left' | 'right', readonly [Comparison, Comparison]>> = {
  both: ['>=', '<='],
  neither: ['>', '<'],
  left: ['>=', '<'],
  right: ['>', '<='],
};

class Compiler {
  readonly demands: Demand[] = [];
  readonly #table: Table;
  readonly #isWhole: boolean;
  readonly #arithmetic: ArithmeticWriter;

  constructor(table: Table, isWhole: boolean) {
    this.#table = table;
    this.#isWhole = isWhole;
    this.#arithmetic = new ArithmeticWriter(table.engine.dialect, this.demands);
  }

  rows(node: Node): string {
    const value = this.#value(node);
    if (value.kind !== 'truth') return notUnderstood(`it is ${called(value)} and not true or false for each row`);
    return this.#complete(value);
  }

  /** pandas cannot choose by, or negate, what is missing. */
  #complete({ sql, missing }: Truth): string {
    if (missing !== undefined)
      this.demands.push({ broken: `(${sql}) IS NULL`, reason: `it chooses by ${missing}, which has missing values` });
    return missing === undefined ? sql : `COALESCE(${sql}, FALSE)`;
  }

  #value(node: Node): Value {
    const { dialect } = this.#table.engine;
    switch (node.kind) {
      case 'name':
        return this.#named(node.name);
      case 'constant':
        return { kind: 'constant', value: node.value };
      case 'list':
        return { kind: 'list', items: node.items.map((item) => this.#constant(item)) };
      case 'unary':
        return this.#unary(node.sign, this.#value(node.operand));
      case 'arithmetic':
        return this.#arithmetic.binary(node.sign, this.#value(node.left), this.#value(node.right));
      case 'junction':
        return this.#junction(node.sign, this.#value(node.left), this.#value(node.right));
      case 'call':
        if (node.path !== 'abs of' && node.of.kind !== 'name' && node.of.kind !== 'call')
          return notUnderstood(`\`.${node.path}()\` of something else than a column`);
        return this.#call(this.#value(node.of), node.path, node.given);
      case 'comparison': {
        const operands = [node.first, ...node.rest.map(([, operand]) => operand)].map((each) => this.#value(each));
        const each = node.rest.map(([sign], index) =>
          compared(dialect, sign, operands[index] as Value, operands[index + 1] as Value),
        );
        return { kind: 'truth', sql: bounded(`(${each.join(' AND ')})`) };
      }
    }
  }

  #named(name: string): Value {
    if (shadowing.has(name)) return notUnderstood(`the name \`${name}\``);
    const column = this.#table.columns.find((each) => each.name === name);
    if (column !== undefined) return columnValue(column);
    const { rowNumber } = this.#table;
    if ((name === 'index' || name === 'ilevel_0') && rowNumber !== undefined && this.#isWhole)
      return { kind: 'number', sql: `(${rowNumber} - 1)`, isWhole: true };
    return notUnderstood(`there is no column \`${name}\``);
  }

  #constant(node: Node): Constant {
    const value = this.#value(node);
    return value.kind === 'constant' ? value.value : notUnderstood('a list or an argument that is no constant');
  }

  #unary(sign: '+' | '-' | '~', value: Value): Value {
    if (sign === '~') {
      if (value.kind !== 'truth') return notUnderstood(`${called(value)} is negated`);
      return { kind: 'truth', sql: `(NOT ${this.#complete(value)})` };
    }
    if (sign === '-') return this.#arithmetic.negative(value);
    const isNumber = value.kind === 'number' || (value.kind === 'constant' && typeof value.value === 'number');
    return isNumber ? value : notUnderstood(`\`+\` before ${called(value)}`);
  }

  /** A missing value on the left makes it false whatever is on the right, in `or` too. */
  #junction(sign: 'and' | 'or', left: Value, right: Value): Value {
    const [one, other] = [this.#operand(left), this.#operand(right)];
    const isFalse = other.missing === undefined ? other.sql : `COALESCE(${other.sql}, FALSE)`;
    const missing = one.missing === undefined ? '' : `${one.sql} IS NOT NULL AND `;
    const whole = sign === 'and' ? `(${missing}${one.sql} AND ${isFalse})` : `(${missing}(${one.sql} OR ${isFalse}))`;
    return { kind: 'truth', sql: bounded(whole) };
  }

  #operand(value: Value): Truth {
    if (value.kind === 'truth') return value;
    if (value.kind === 'constant' && typeof value.value === 'boolean')
      return { kind: 'truth', sql: value.value ? 'TRUE' : 'FALSE' };
    return notUnderstood(`\`and\` or \`or\` of ${called(value)}`);
  }

  #call(of: Value, path: string, { positional, named }: Given): Value {
    const { dialect } = this.#table.engine;
    const given: ConstantGiven = {
      positional: path === 'isin' ? [] : positional.map((each) => this.#constant(each)),
      named: new Map([...named].map(([name, each]) => [name, this.#constant(each)])),
    };
    if (path.startsWith('str.')) {
      if (of.kind !== 'text') return notUnderstood(`\`.${path}\` of ${called(of)}`);
      return textMethod(dialect, path.slice('str.'.length), of.sql, given, this.demands);
    }
    if (path.startsWith('dt.')) return dateField(dialect, of, path.slice('dt.'.length));
    if (path === 'between') return this.#between(of, given);
    if (named.size > 0) return notUnderstood(`arguments of \`.${path}\` by name`);
    switch (path) {
      case 'isnull':
      case 'isna':
      case 'notnull':
      case 'notna':
        if (positional.length > 0) return notUnderstood(`arguments of \`.${path}\``);
        return { kind: 'truth', sql: `(${sqlOf(of)} IS ${path.startsWith('not') ? 'NOT ' : ''}NULL)` };
      case 'abs':
      case 'abs of':
        return positional.length === 0 ? this.#arithmetic.absolute(of) : notUnderstood('arguments of `abs`');
      case 'isin':
        return this.#isIn(of, positional);
      default:
        return notUnderstood(`\`.${path}()\``);
    }
  }

  #isIn(of: Value, [node, ...more]: readonly Node[]): Value {
    if (node?.kind !== 'list' || more.length > 0) return notUnderstood('`.isin()` of something else than a list');
    return { kind: 'truth', sql: `(${compared(this.#table.engine.dialect, 'in', of, this.#value(node))})` };
  }

  #between(of: Value, { positional, named }: ConstantGiven): Value {
    const [low, high, third, ...more] = positional;
    const { inclusive = third ?? 'both', ...others } = Object.fromEntries(named);
    const isTwice = third !== undefined && named.has('inclusive');
    if (low === undefined || high === undefined || more.length > 0 || isTwice || Object.keys(others).length > 0)
      return notUnderstood('`.between()` without two ends');
    if (inclusive !== 'both' && inclusive !== 'neither' && inclusive !== 'left' && inclusive !== 'right')
      return notUnderstood('`inclusive` of `.between()`');
    const signs = betweenSigns[inclusive];
    const each = [low, high].map((value, index) =>
      compared(this.#table.engine.dialect, signs[index] ?? '<=', of, { kind: 'constant', value }),
    );
    return { kind: 'truth', sql: `(${each.join(' AND ')})` };
  }
}
