import type { Cursor } from './cursor.ts';
import { categoryOf, escapeInSet } from './parse-escape.ts';
import { type Category, type CharacterSet, type CodePoints, isCategory } from './syntax.ts';

/** One member of a set: a character, or a category. */
function member(cursor: Cursor, token: string, ascii: boolean): Category | CodePoints {
  if (token === '') throw cursor.invalid('unterminated character set');
  const category = token.startsWith('\\') ? categoryOf(token, ascii) : undefined;
  if (category !== undefined) return category;
  const point = token.startsWith('\\') ? escapeInSet(cursor, token) : (token.codePointAt(0) ?? 0);
  return { from: point, to: point };
}

/** A set, after its `[`. */
export function readSet(cursor: Cursor, ascii: boolean): CharacterSet {
  const negated = cursor.accept('^');
  const items: (Category | CodePoints)[] = [];
  for (;;) {
    const token = cursor.take();
    if (token === ']' && items.length > 0) return { kind: 'set', negated, items };
    const low = member(cursor, token, ascii);
    if (!cursor.accept('-')) {
      items.push(low);
      continue;
    }
    const after = cursor.take();
    if (after === ']') return { kind: 'set', negated, items: [...items, low, { from: 0x2d, to: 0x2d }] };
    const high = member(cursor, after, ascii);
    if (isCategory(low) || isCategory(high) || high.from < low.from) {
      throw cursor.invalid(`bad character range ${token}-${after}`);
    }
    items.push({ from: low.from, to: high.to });
  }
}
