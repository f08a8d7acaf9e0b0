import type { BodyLimits } from '../../src/protocols/inference.ts';
import { JsonReader, type JsonReaderOptions } from '../../src/protocols/json/json-reader.ts';

export const wide: BodyLimits = { elements: 1_000_000, depth: 64, count: 10_000 };

/** What a body says, by the reader alone: objects without a prototype. */
export function jsonValue(body: Uint8Array | string, limits = wide, options: JsonReaderOptions = {}): unknown {
  const reader = new JsonReader(typeof body === 'string' ? Buffer.from(body) : body, limits, options);
  const read = value(reader);
  reader.end();
  return read;
}

function value(reader: JsonReader): unknown {
  switch (String.fromCharCode(reader.peek())) {
    case '{': {
      const object = Object.create(null) as Record<string, unknown>;
      reader.openObject();
      for (let key = reader.nextKey(); key !== undefined; key = reader.nextKey()) object[key] = value(reader);
      return object;
    }
    case '[': {
      const items: unknown[] = [];
      reader.openArray();
      while (reader.nextItem()) items.push(value(reader));
      return items;
    }
    case '"':
      return reader.text();
    case 't':
    case 'f':
      return reader.boolean();
    case 'n':
      reader.null();
      return null;
    default:
      return reader.number();
  }
}
