import { type CurvePoint, furthest } from '../curve.ts';
import { html, type Markup } from './markup.ts';
import { percent, short } from './wording.ts';

/**
 * The curve as SVG, in a unit of a hundredth of each axis, so that it takes whatever room there is; what is written at
 * the axes keeps its size.
 */
export function curvePicture(points: readonly CurvePoint[], epsilon: number): Markup {
  const end = points.at(-1)?.epsilon ?? epsilon;
  const at = (value: number, share: number): string => `${fixed((100 * value) / end)},${fixed(100 - 100 * share)}`;
  const line = points.map((point) => at(point.epsilon, point.accuracy)).join(' ');
  const upper = points.map((point) => at(point.epsilon, point.high));
  const lower = points.map((point) => at(point.epsilon, point.low)).reverse();
  const own = fixed((100 * epsilon) / end);
  return html`<div class="plot">
<div class="axis up">${[1, 0.75, 0.5, 0.25, 0].map((share) => html`<span>${100 * share} %</span>`)}</div>
<svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label="${spoken(points, epsilon)}">
${[0, 25, 50, 75, 100].map((y) => html`<line class="grid" x1="0" x2="100" y1="${y}" y2="${y}"/>`)}
<polygon class="band" points="${[...upper, ...lower].join(' ')}"/>
<polyline class="curve" points="${line}"/>
<line class="own" x1="${own}" x2="${own}" y1="0" y2="100"/>
</svg>
<div class="axis along">${ticks(end, epsilon).map(
    ({ value, text }) => html`<span style="left:${fixed((100 * value) / end)}%">${text}</span>`,
  )}</div>
</div>`;
}

const fixed = (value: number): string => String(Number(value.toFixed(3)));

function ticks(end: number, epsilon: number): { value: number; text: string }[] {
  const count = end === epsilon ? 1 : furthest;
  return Array.from({ length: count + 1 }, (_, place) => ({
    value: (place * end) / count,
    text: short((place * end) / count),
  }));
}

/** For those who do not see it. */
function spoken(points: readonly CurvePoint[], epsilon: number): string {
  const own = points.find((point) => point.epsilon === epsilon)?.accuracy ?? 0;
  return `accuracy falls from ${percent(points[0]?.accuracy ?? 0)} to ${percent(own)} at ε = ${short(epsilon)} and ${percent(points.at(-1)?.accuracy ?? 0)} at ${short(points.at(-1)?.epsilon ?? epsilon)}`;
}
