import type { AttributePath } from './expression.ts';
import type { RecordShape, Vocabulary } from './vocabulary.ts';

/** The known attribute whose dotted name is closest to a path, or undefined where nothing is close. */
export function nearestAttribute(path: AttributePath, words: Vocabulary): string | undefined {
  if (path.root === 'action') return undefined;
  const wanted = path.names.join('.').slice(0, 200);
  let best: string | undefined;
  let least = Math.max(2, Math.floor(wanted.length / 3)) + 1;
  for (const name of dottedNames(words[path.root], '')) {
    const distance = editDistance(wanted, name);
    if (distance < least) [best, least] = [name, distance];
  }
  return best === undefined ? undefined : `${path.root}.${best}`;
}

function* dottedNames(shape: RecordShape, prefix: string): Generator<string> {
  for (const [name, { shape: child }] of shape.attributes) {
    yield prefix + name;
    if (child.kind === 'record') yield* dottedNames(child, `${prefix}${name}.`);
  }
}

/** Levenshtein's distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substituted, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
