import { randomOf } from '@holdfast/statistics';
import { describe, expect, it } from 'vitest';
import { operatorsWithGradient } from '../../src/gradient/rules/index.ts';
import { cases, casesBeyondRuntime } from './cases.ts';
import { disagreement } from './gradient-case.ts';

/** Configurations of every operator; the long test draws a hundred times as many. */
const draws = process.env['HOLDFAST_LONG'] === '1' ? 200 : 12;

describe('gradient rules agree with central differences in float64', () => {
  for (const [operator, draw] of Object.entries({ ...cases, ...casesBeyondRuntime })) {
    it(operator, () => {
      for (let index = 0; index < draws; index += 1) {
        const one = draw(randomOf(`${operator}/${index}`));
        const { worst } = disagreement(one);
        expect
          .soft(
            worst,
            `${operator}, draw ${index}: ${JSON.stringify(
              one.nodes.map(({ opType, attributes }) => [opType, [...attributes]]),
              (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value),
            )}`,
          )
          .toBeLessThan(1e-7);
      }
    }, 600_000);
  }
});

it('every operator with a rule has cases, but those whose outputs are discrete', () => {
  const discrete =
    /^(And|Arg.*|Bernoulli|ConstantOfShape|Equal|EyeLike|Greater.*|Hardmax|Is.*|Less.*|Multinomial|NonZero|Not|OneHot|Or|Ra.*|Shape|Size|Xor)$/;
  const without = operatorsWithGradient.filter((name) => !Object.hasOwn(cases, name) && !discrete.test(name));
  const straightThrough = ['DequantizeLinear', 'DynamicQuantizeLinear', 'QuantizeLinear'];
  expect(without).toEqual(['Dropout', ...straightThrough].sort());
});
