import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withoutCircles } from '../src/lineage/layout/acyclic.ts';
import type { Arrow, Box, Layout } from '../src/lineage/layout/graph.ts';
import { layOut } from '../src/lineage/layout/layout.ts';
import { nearestRising } from '../src/lineage/layout/placement.ts';

const gaps = { across: 30, down: 10 };

/** Boxes of any size, and arrows between any two of them: circles and arrows to itself included. */
const graphs = fc
  .array(fc.record({ width: fc.integer({ min: 1, max: 300 }), height: fc.integer({ min: 1, max: 200 }) }), {
    minLength: 1,
    maxLength: 40,
  })
  .chain((sizes) => {
    const boxes = sizes.map((size, at): Box => ({ id: `b${at}`, ...size }));
    const node = fc.integer({ min: 0, max: boxes.length - 1 });
    const arrow = fc.record({ from: node.map((at) => `b${at}`), to: node.map((at) => `b${at}`) });
    return fc.record({ boxes: fc.constant(boxes), arrows: fc.array(arrow, { maxLength: 80 }) });
  });

function requireApart({ boxes }: Layout): void {
  for (const [at, a] of boxes.entries()) {
    for (const b of boxes.slice(at + 1)) {
      const beside = a.x + a.width <= b.x || b.x + b.width <= a.x;
      const below = a.y + a.height <= b.y + 1e-6 || b.y + b.height <= a.y + 1e-6;
      expect(beside || below, `${a.id} and ${b.id} overlap`).toBe(true);
    }
  }
}

function requireInside({ boxes, width, height }: Layout): void {
  for (const box of boxes) {
    expect(Math.min(box.x, box.y + 1e-6)).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(width + 1e-6);
    expect(box.y + box.height).toBeLessThanOrEqual(height + 1e-6);
  }
}

/** Kahn 1962: takes away what nothing leads to, until nothing is left or a circle is. */
function hasCircle(boxes: readonly Box[], arrows: readonly Arrow[]): boolean {
  let left = boxes.map(({ id }) => id);
  for (let before = Infinity; left.length < before; ) {
    before = left.length;
    const now = new Set(left);
    left = left.filter((id) => arrows.some(({ from, to }) => to === id && now.has(from)));
  }
  return left.length > 0;
}

describe('a layout', () => {
  test('no two boxes overlap, all are inside, and arrows lead to the right but for those that close a circle', () => {
    fc.assert(
      fc.property(graphs, ({ boxes, arrows }) => {
        const layout = layOut(boxes, arrows, gaps);
        expect(layout.boxes.map(({ id }) => id)).toEqual(boxes.map(({ id }) => id));
        requireApart(layout);
        requireInside(layout);
        const place = new Map(layout.boxes.map((box) => [box.id, box]));
        for (const { from, to, points, isBackward } of layout.arrows) {
          const [start, end] = [place.get(from), place.get(to)];
          if (start === undefined || end === undefined) throw new Error('an arrow without a box');
          expect(points[0]?.x).toBe(start.x + start.width);
          expect(points.at(-1)?.x).toBe(end.x);
          if (isBackward) continue;
          expect(end.x).toBeGreaterThanOrEqual(start.x + start.width + gaps.across - 1e-6);
          const across = points.map(({ x }) => x);
          expect(across).toEqual(across.toSorted((a, b) => a - b));
        }
        expect(layout.arrows).toHaveLength(arrows.length);
        const forward = layout.arrows.filter(({ isBackward }) => !isBackward);
        expect(hasCircle(boxes, forward)).toBe(false);
        if (!hasCircle(boxes, arrows)) expect(forward).toHaveLength(arrows.length);
      }),
      { numRuns: 200 },
    );
  });

  test('a box that nothing leads to stands right before the first that it leads to', () => {
    const boxes = ['raw', 'prepare', 'table', 'train', 'base'].map((id) => ({ id, width: 100, height: 40 }));
    const arrows = [
      { from: 'raw', to: 'prepare' },
      { from: 'prepare', to: 'table' },
      { from: 'table', to: 'train' },
      { from: 'base', to: 'train' },
    ];
    const layout = layOut(boxes, arrows, gaps);
    expect(layout.boxes.map(({ id, x }) => [id, x])).toEqual([
      ['raw', 0],
      ['prepare', 130],
      ['table', 260],
      ['train', 390],
      ['base', 260],
    ]);
  });

  test('nothing, one box that leads to itself, and arrows to what is not there', () => {
    expect(layOut([], [], gaps)).toEqual({ width: 0, height: 0, boxes: [], arrows: [] });
    const itself = layOut([{ id: 'a', width: 10, height: 5 }], [{ from: 'a', to: 'a' }], gaps);
    expect(itself.boxes).toEqual([{ id: 'a', width: 10, height: 5, x: 0, y: 0 }]);
    expect(itself.arrows).toMatchObject([{ from: 'a', to: 'a', isBackward: true }]);
    expect(layOut([{ id: 'a', width: 10, height: 5 }], [{ from: 'a', to: 'b' }], gaps).arrows).toEqual([]);
  });

  test('a chain of three thousand, and one that every node of goes to the end of', () => {
    const boxes = Array.from({ length: 3000 }, (_, at) => ({ id: String(at), width: 10, height: 10 }));
    const chain = boxes.slice(1).map((_, at) => ({ from: String(at), to: String(at + 1) }));
    expect(layOut(boxes, chain, gaps).width).toBe(3000 * 40 - 30);
    const few = boxes.slice(0, 1000);
    const end = few.slice(0, -2).map(({ id }) => ({ from: id, to: '999' }));
    expect(layOut(few, [...chain.slice(0, 999), ...end], gaps).boxes).toHaveLength(1000);
  });
});

test('every arrow that is left out closes a circle of those that are kept', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.nat(14), { maxLength: 6 }), { minLength: 15, maxLength: 15 }), (successors) => {
      const kept = withoutCircles(successors);
      const reaches = (from: number, to: number): boolean => {
        const seen = new Set([from]);
        for (const node of seen) for (const next of kept[node] ?? []) seen.add(next);
        return seen.has(to);
      };
      for (const [from, nodes] of successors.entries()) {
        for (const to of nodes) if (kept[from]?.includes(to) !== true) expect(reaches(to, from)).toBe(true);
      }
    }),
    { numRuns: 200 },
  );
});

test('rising numbers nearest to given ones: as IsotonicRegression of scikit-learn 1.9.1 finds them', () => {
  // sklearn.isotonic.IsotonicRegression().fit_transform(range(n), values)
  expect(nearestRising([1, 2, 3])).toEqual([1, 2, 3]);
  expect(nearestRising([3, 1, 2])).toEqual([2, 2, 2]);
  expect(nearestRising([1, 5, 3, 4, 9, 2])).toEqual([1, 4, 4, 4, 5.5, 5.5]);
  const found = nearestRising([4, 4, 1, 7, 6, 6, 8, 0, 9.5]);
  for (const [at, value] of [3, 3, 3, 5.4, 5.4, 5.4, 5.4, 5.4, 9.5].entries()) expect(found[at]).toBeCloseTo(value, 12);
  expect(nearestRising([])).toEqual([]);
});
