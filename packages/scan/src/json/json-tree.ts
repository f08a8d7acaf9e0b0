import { type ByteSource, NotUnderstood } from '../bytes/source.ts';
import { type JsonBounds, type JsonEvents, type JsonScalar, readJson } from './json-reader.ts';

/** A JSON value; objects are maps, so that no key means anything to JavaScript. */
export type Json = JsonScalar | readonly Json[] | JsonObject;
export type JsonObject = ReadonlyMap<string, Json>;

export function isObject(value: Json | undefined): value is JsonObject {
  return value instanceof Map;
}

/** Told of each entry of the outermost object, as soon as it is read. */
export interface JsonEntries {
  entry(key: string, value: Json, at: number): void;
  /** @param path the keys down to the object, then the key that occurs twice */
  duplicate(path: readonly string[], at: number): void;
}

/**
 * Reads an object entry by entry, so that only one of them is in memory.
 *
 * @returns the offset behind it and the blanks that follow
 * @throws NotUnderstood for what is not JSON, not an object, or beyond a bound
 */
export function readEntries(source: ByteSource, entries: JsonEntries, bounds?: JsonBounds): number {
  return readJson(source, new EntryEvents(entries), bounds);
}

/** Something open: what it collects, and the key that the next value is for. */
interface Branch {
  readonly items: Json[] | Map<string, Json>;
  key: string;
}

class EntryEvents implements JsonEvents {
  readonly #entries: JsonEntries;
  readonly #branches: Branch[] = [];
  #at = 0;

  constructor(entries: JsonEntries) {
    this.#entries = entries;
  }

  open(kind: 'object' | 'array', at: number): void {
    if (this.#branches.length === 0 && kind !== 'object') throw new NotUnderstood('not a JSON object', at);
    this.#branches.push({ items: kind === 'object' ? new Map<string, Json>() : [], key: '' });
  }

  close(): void {
    const branch = this.#branches.pop();
    if (branch !== undefined && this.#branches.length > 0) this.#add(branch.items);
  }

  key(text: string, at: number): void {
    const branch = this.#branches.at(-1);
    if (branch !== undefined) branch.key = text;
    if (this.#branches.length === 1) this.#at = at;
  }

  value(value: JsonScalar, at: number): void {
    if (this.#branches.length === 0) throw new NotUnderstood('not a JSON object', at);
    this.#add(value);
  }

  duplicate(key: string, at: number): void {
    const path = this.#branches.slice(0, -1).map(({ items, key: open }) => (items instanceof Map ? open : '[]'));
    this.#entries.duplicate([...path, key], at);
  }

  #add(value: Json): void {
    const branch = this.#branches.at(-1);
    if (branch === undefined) return;
    if (this.#branches.length === 1) this.#entries.entry(branch.key, value, this.#at);
    else if (branch.items instanceof Map) branch.items.set(branch.key, value);
    else branch.items.push(value);
  }
}
