import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemorySource, NotUnderstood } from '../src/bytes/source.ts';
import { type JsonEvents, type JsonScalar, readJson } from '../src/json/json-reader.ts';
import { CountingSource } from './files-scene.ts';

/** Builds what it is told of; keys in their order, so that none is lost. */
class Builder implements JsonEvents {
  readonly duplicates: string[] = [];
  result: unknown;
  readonly #open: { kind: string; items: unknown[]; key: string }[] = [];

  open(kind: 'object' | 'array'): void {
    this.#open.push({ kind, items: [], key: '' });
  }

  close(): void {
    const done = this.#open.pop()!;
    this.#add(done.kind === 'array' ? done.items : Object.fromEntries(done.items as [string, unknown][]));
  }

  key(text: string): void {
    this.#open.at(-1)!.key = text;
  }

  value(value: JsonScalar): void {
    this.#add(value);
  }

  duplicate(key: string): void {
    this.duplicates.push(key);
  }

  #add(value: unknown): void {
    const into = this.#open.at(-1);
    if (into === undefined) this.result = value;
    else into.items.push(into.kind === 'array' ? value : [into.key, value]);
  }
}

function read(text: string | Uint8Array, bounds = {}): Builder {
  const builder = new Builder();
  const source = new MemorySource(typeof text === 'string' ? new TextEncoder().encode(text) : text);
  const end = readJson(source, builder, bounds);
  if (end !== source.size) throw new NotUnderstood('something follows', end);
  return builder;
}

/** JSON.parse of Node is the peer: it implements RFC 8259, too. */
function parsed(text: string): unknown {
  try {
    return [JSON.parse(text)];
  } catch {
    return undefined;
  }
}

function ours(text: string): unknown {
  try {
    return [read(text).result];
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error;
    return undefined;
  }
}

describe('the JSON reader', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(undefined, 1, '\t'), (text, indent) => {
        const written = JSON.stringify(JSON.parse(text), null, indent);
        expect(ours(written)).toEqual([JSON.parse(written)]);
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  it('refuses what JSON.parse refuses', () => {
    const damage = fc.tuple(
      fc.json({ maxDepth: 2 }),
      fc.nat(),
      fc.nat(2),
      fc.constantFrom(...'{}[],:"\\0-.e+ tn\n\u0001'.split('')),
    );
    fc.assert(
      fc.property(damage, ([text, place, length, put]) => {
        const at = place % (text.length + 1);
        const damaged = text.slice(0, at) + put + text.slice(at + length);
        fc.pre(!damaged.includes('__proto__'));
        expect(ours(damaged)).toEqual(parsed(damaged));
      }),
      { numRuns: 3000, seed: 2 },
    );
  });

  it.each(
    [
      ['', ' ', '{', '[1', '[1,]', '{"a":1,}', '{"a"}', '{a:1}', '01', '+1', '1.', '.5', '1e', 'tru', '"\t"', '[1 2]'],
      ['"\\x41"', '"\\u12"', '\ufeff{}', '{} {}', "{'a':1}", '[1]//x', '"', '"\\'],
    ].flat(),
  )('refuses %j', (text) => {
    expect(() => read(text)).toThrow(NotUnderstood);
  });

  it('refuses bytes that are not UTF-8, also those that a lenient reader takes', () => {
    for (const bytes of [
      [0x22, 0xc0, 0xaf, 0x22],
      [0x22, 0xed, 0xa0, 0x80, 0x22],
      [0x22, 0xff, 0x22],
    ]) {
      expect(() => read(new Uint8Array(bytes))).toThrow('not UTF-8');
    }
  });

  it('tells of keys that occur twice, also when they are written differently', () => {
    expect(read(String.raw`{"a": 1, "b": {"c": 1, "\u0063": 2}, "a": {}}`).duplicates).toEqual(['c', 'a']);
    expect(read('[{"a": 1}, {"a": 1}]').duplicates).toEqual([]);
  });

  it('bounds depth, length and number', () => {
    expect(() => read('['.repeat(1e6))).toThrow('levels');
    expect(() => read(`"${'a'.repeat(100)}"`, { textBytes: 50 })).toThrow('more than 50 bytes');
    expect(() => read(`[${'1,'.repeat(100)}1]`, { values: 50 })).toThrow('more values');
    expect(() => read('{"a":1,"b":2,"c":3}', { keys: 2 })).toThrow('keys');
    expect(() => read('1'.repeat(5000))).toThrow('characters');
  });

  it('asks for each byte a constant number of times, however long the text', () => {
    const asked = [1, 2, 4].map((times) => {
      const text = `[${'{"key": ["a text", "and \\n another", 1.5, null]},'.repeat(20_000 * times)}0]`;
      const source = new CountingSource(new TextEncoder().encode(text));
      readJson(source, new Builder());
      return source.bytes / source.size;
    });
    for (const ratio of asked) expect(ratio).toBeLessThan(3);
  });
});
