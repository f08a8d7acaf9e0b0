import type { CurvePoint } from '@holdfast/trials/robustness/curve';

/** Lines and columns of the picture; each line is eight steps high. */
const [height, columnWidth] = [6, 2] as const;
const blocks = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** Accuracy against the size of the change, in blocks: a column for each radius, the radii below. */
export function curveLines(points: readonly CurvePoint[]): string[] {
  const lines = Array.from({ length: height }, (_, line) => {
    const title = line === 0 ? '100 %' : '';
    const column = points.map(({ accuracy }) => block(accuracy, height - 1 - line).repeat(columnWidth)).join('');
    return `  ${title.padStart(5)} ▏${column}`.trimEnd();
  });
  const first = lines.map((line) => line.trimEnd());
  return [...first, `    0 % ▔${'▔'.repeat(points.length * columnWidth)}`, `${' '.repeat(9)}${scale(points)}`];
}

/** How much of a line, counted from the bottom, is filled at an accuracy; what is above zero is seen. */
function block(accuracy: number, line: number): string {
  const steps = accuracy > 0 ? Math.max(1, Math.round(accuracy * height * 8)) : 0;
  return blocks[Math.min(8, Math.max(0, steps - line * 8))] ?? ' ';
}

/** A radius below every eighth column, so that each begins where its column does. */
function scale(points: readonly CurvePoint[]): string {
  const every = 8;
  return points
    .map(({ epsilon }, place) => {
      if (place % every !== 0) return ' '.repeat(columnWidth);
      const text = place === 0 ? '0' : String(Number(epsilon.toPrecision(3)));
      return place + every > points.length ? text : text.padEnd(columnWidth);
    })
    .reduce((line, text, place) => line.padEnd(place * columnWidth) + text.trimEnd(), '')
    .trimEnd();
}
