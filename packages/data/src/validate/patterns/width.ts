import type { Node } from './syntax.ts';

interface Width {
  readonly min: number;
  readonly max: number;
}

const times = (width: number, count: number): number => (width === 0 || count === 0 ? 0 : width * count);

/** How many characters a pattern may take: what stands behind must be of one width for Python. */
export function widthOf(node: Node, groups: readonly (Node | undefined)[]): Width {
  switch (node.kind) {
    case 'set':
      return { min: 1, max: 1 };
    case 'anchor':
    case 'look':
      return { min: 0, max: 0 };
    case 'group':
    case 'atomic':
      return widthOf(node.body, groups);
    case 'reference': {
      const body = groups[node.group];
      return body === undefined ? { min: 0, max: Number.POSITIVE_INFINITY } : widthOf(body, groups);
    }
    case 'repeat': {
      const { min, max } = widthOf(node.body, groups);
      return { min: times(min, node.min), max: times(max, node.max) };
    }
    case 'choice': {
      const widths = node.branches.map((branch) => widthOf(branch, groups));
      return { min: Math.min(...widths.map(({ min }) => min)), max: Math.max(...widths.map(({ max }) => max)) };
    }
    case 'sequence': {
      const widths = node.items.map((item) => widthOf(item, groups));
      return { min: widths.reduce((sum, { min }) => sum + min, 0), max: widths.reduce((sum, { max }) => sum + max, 0) };
    }
  }
}
