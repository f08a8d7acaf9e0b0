import { z } from 'zod';
import { name } from './scalars.ts';
import { expected } from './wording.ts';

/** A mapping with exactly the keys of `shape`; another key is an error. */
export function strict<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, { error: expected('a mapping') });
}

/** A list of at most `most` items. */
export function listOf<Item extends z.ZodType>(item: Item, what: string, most: number) {
  return z.array(item, { error: expected(what) }).max(most, { error: `holds more than ${most} items` });
}

/** A mapping from names to values, at most `most` of them. */
export function named<Value extends z.ZodType>(value: Value, what: string, most: number) {
  return z.record(name, value, { error: expected(what) }).refine((map) => Object.keys(map).length <= most, {
    error: `holds more than ${most} entries`,
  });
}
