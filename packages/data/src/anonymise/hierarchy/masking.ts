import { type Hierarchy, hierarchyOf, type Label, root } from './hierarchy.ts';

const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });
const charactersOf = (text: string): readonly string[] => Array.from(segmenter.segment(text), ({ segment }) => segment);

/**
 * The last characters (or the first) replaced by `*`, on each level as many more as `steps` says: 81667, 8166*, 816**.
 *
 * @param steps characters that are masked on each level, the fewest first
 */
export function maskHierarchy(
  column: string,
  values: readonly Label[],
  steps: readonly number[],
  from: 'right' | 'left' = 'right',
): Hierarchy {
  const texts = values.map((value) => (value === null ? null : charactersOf(value)));
  const above = steps.map((masked) => ({
    name: `${masked} characters masked`,
    labels: texts.map((text) => (text === null ? null : maskLabel(text, masked, from))),
  }));
  return hierarchyOf(column, values, [...above, { name: 'all one', labels: values.map(() => root) }]);
}

function maskLabel(text: readonly string[], masked: number, from: 'right' | 'left'): string {
  const many = Math.min(masked, text.length);
  const stars = root.repeat(many);
  return from === 'right' ? text.slice(0, text.length - many).join('') + stars : stars + text.slice(many).join('');
}
