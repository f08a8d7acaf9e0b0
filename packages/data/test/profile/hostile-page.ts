import { expect } from 'vitest';

/** Names and values that want to be more than text. */
export const hostile = [
  '</style><script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '<svg/onload=alert(1)>',
  '&lt;b&gt;',
  'right\u202Eto left',
  'bell\u0007',
  '{{constructor}}',
  '`${7*7}`',
];

/** Elements by name, and the names of their attributes; fails where a tag is not closed. */
export function elementsOf(page: string): { names: Set<string>; attributes: Set<string> } {
  const [names, attributes] = [new Set<string>(), new Set<string>()];
  const open: string[] = [];
  const empty = new Set(['meta', 'rect', 'path', 'circle']);
  for (const [, closing, name = '', inside = '', self] of page.matchAll(
    /<(\/)?([a-z0-9]+)((?:\s+[a-z-]+(?:="[^"]*")?)*)\s*(\/)?>/gi,
  )) {
    if (closing !== undefined) {
      expect(open.pop()).toBe(name);
      continue;
    }
    names.add(name);
    for (const [, attribute = ''] of inside.matchAll(/([a-z-]+)(?:="[^"]*")?/gi)) attributes.add(attribute);
    const isOpen = self === undefined && name !== 'meta';
    if (isOpen) open.push(name);
    else expect(empty.has(name)).toBe(true);
  }
  expect(open).toEqual([]);
  return { names, attributes };
}
