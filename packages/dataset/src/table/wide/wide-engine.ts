import type { Dialect } from '../../dialect/dialect.ts';
import { duckdb } from '../../dialect/duckdb.ts';
import type { Cell, Engine } from '../../engine/engine.ts';

/** Some columns of a table, in a table of their own that also has the numbers of the rows. */
export interface Block {
  /** Quoted. */
  readonly table: string;
  /** As they are stored. */
  readonly columns: readonly string[];
}

/** What stands between quotes, in the SQL that a dialect writes. */
const quoted = /'(?:[^']|'')*'|"(?:[^"]|"")*"/g;
/** All columns, whatever they are called. */
const isAll = /(?:\bselect|\bdistinct|,|\.)\s*\*|\bcolumns\s*\(/i;

/**
 * An engine that answers questions about a table in blocks. The time that DuckDB takes to plan a SELECT grows with the columns
 * that it could be about: so each question is asked of those blocks alone whose columns it names.
 */
export class WideEngine implements Engine {
  readonly dialect: Dialect = duckdb;
  readonly #engine: Engine;
  readonly #blocks: readonly Block[];
  readonly #number: string;
  readonly #places = new Map<string, number>();
  /** What stands after FROM. */
  readonly relation: string;

  /** @param number the column of the rows' numbers, which each block has, quoted */
  constructor(engine: Engine, blocks: readonly Block[], number: string) {
    this.#engine = engine;
    this.#blocks = blocks;
    this.#number = number;
    for (const [place, { columns }] of blocks.entries()) {
      for (const column of columns) this.#places.set(duckdb.identifier(column), place);
    }
    let relation = '"\u0001columns"';
    while (this.#places.has(relation)) relation = `${relation.slice(0, -1)}s"`;
    this.relation = relation;
  }

  async rows(sql: string): Promise<Cell[][]> {
    return this.#engine.rows(this.#narrowed(sql));
  }

  stream(sql: string): AsyncGenerator<Cell[][]> {
    return this.#engine.stream(this.#narrowed(sql));
  }

  async close(): Promise<void> {
    return this.#engine.close();
  }

  #narrowed(sql: string): string {
    const needed = new Set<number>();
    for (const [name] of sql.matchAll(quoted)) {
      const place = this.#places.get(name);
      if (place !== undefined) needed.add(place);
    }
    const taken = isAll.test(sql.replaceAll(quoted, 'q'))
      ? this.#blocks
      : this.#blocks.filter((_, place) => needed.has(place));
    const from = this.#from(taken.length === 0 ? this.#blocks.slice(0, 1) : taken);
    return sql.replaceAll(quoted, (name) => (name === this.relation ? from : name));
  }

  /** The blocks side by side: all have the same rows in the same order. */
  #from([first, ...others]: readonly Block[]): string {
    const rest = others.map(({ table }) => ` POSITIONAL JOIN (SELECT * EXCLUDE (${this.#number}) FROM ${table})`);
    const joined = `${first?.table ?? ''}${rest.join('')}`;
    return `${rest.length === 0 ? joined : `(SELECT * FROM ${joined})`} AS ${this.relation}`;
  }
}
