// Renders digits as shaky hands write them: 2,400 to learn from, 400 to judge by. The seed decides every pixel.
import { mkdirSync, writeFileSync } from 'node:fs';
import { npzOf } from '@holdfast/dataset';
import { type Random, randomOf } from '@holdfast/statistics';
import { type Point, strokes } from './strokes.ts';

const side = 14;
const noise = 0.06;

/** A digit that is moved, turned, slanted and stretched a little, with a pen of some width: side × side pixels, 0 to 1. */
function rendered(digit: number, random: Random): Float32Array {
  const [turn, slant] = [0.12 * random.normal(), 0.12 * random.normal()];
  const [wide, high] = [1 + 0.08 * random.normal(), 1 + 0.06 * random.normal()];
  const [right, down] = [0.04 * random.normal(), 0.04 * random.normal()];
  const pen = 0.055 + 0.03 * random.uniform();
  const moved = ([x, y]: Point): Point => {
    const [a, b] = [(x - 0.5) * wide + slant * (0.5 - y), (y - 0.5) * high];
    return [
      0.5 + right + a * Math.cos(turn) - b * Math.sin(turn),
      0.5 + down + a * Math.sin(turn) + b * Math.cos(turn),
    ];
  };
  const segments = strokes[digit]!.flatMap((stroke) =>
    stroke.slice(1).map((end, at) => [moved(stroke[at]!), moved(end)] as const),
  );
  return Float32Array.from({ length: side * side }, (_, pixel) => {
    const at: Point = [((pixel % side) + 0.5) / side, (Math.floor(pixel / side) + 0.5) / side];
    const distance = Math.min(...segments.map(([from, to]) => distanceTo(at, from, to)));
    const ink = Math.min(1, Math.max(0, (pen - distance) * side + 0.5));
    return Math.min(1, Math.max(0, ink + noise * random.normal()));
  });
}

function distanceTo([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const along = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}

function write(name: string, rows: number): void {
  const x = new Float32Array(rows * side * side);
  const y = Int32Array.from({ length: rows }, (_, row) => row % 10);
  const random = randomOf(2026).fork(name);
  for (const [row, digit] of y.entries()) x.set(rendered(digit, random), row * side * side);
  writeFileSync(
    `build/${name}.npz`,
    npzOf({ x: { shape: [rows, 1, side, side], data: x }, y: { shape: [rows], data: y } }),
  );
  console.log(`${name}: ${rows} digits of ${side} × ${side} pixels`);
}

mkdirSync('build', { recursive: true });
write('train', 2400);
write('test', 400);
