import { expect, it } from 'vitest';
import { exponentialAverage, stochasticAverage } from '../../src/hardening/averaging.ts';

const path = [
  [4, 0],
  [2, 1],
  [0, 5],
  [6, 3],
];

it('the exponential average forgets at the rate that was asked for, and faster in the beginning', () => {
  const average = exponentialAverage(0.25);
  const seen = path.map(([one, two], step) => {
    average.take(new Map([['w', Float32Array.of(one!, two!)]]), (step + 1) / 4);
    return [...average.weights.get('w')!];
  });
  // decay of step n: min(0.25, (1 + n)/(10 + n)) = 2/11, then 0.25, 0.25
  const second = [2 + (2 / 11) * (4 - 2), 1 + (2 / 11) * (0 - 1)];
  const third = [0.25 * second[0]!, 5 + 0.25 * (second[1]! - 5)];
  const fourth = [6 + 0.25 * (third[0]! - 6), 3 + 0.25 * (third[1]! - 3)];
  for (const [step, wanted] of [path[0]!, second, third, fourth].entries()) {
    for (const [index, value] of wanted.entries()) expect(seen[step]![index]).toBeCloseTo(value, 5);
  }
});

it('the stochastic average is the mean of what came behind its beginning', () => {
  const average = stochasticAverage(0.5);
  for (const [step, weights] of path.entries()) {
    average.take(new Map([['w', Float32Array.from(weights)]]), (step + 1) / 4);
  }
  expect(average.count).toBe(3);
  expect(average.weights.get('w')![0]).toBeCloseTo((2 + 0 + 6) / 3, 6);
  expect(average.weights.get('w')![1]).toBeCloseTo((1 + 5 + 3) / 3, 6);
});

it('an average is no view of what is trained on', () => {
  const [average, w] = [stochasticAverage(0), Float32Array.of(1)];
  average.take(new Map([['w', w]]), 1);
  w[0] = 7;
  expect(average.weights.get('w')).toEqual(Float32Array.of(1));
});
