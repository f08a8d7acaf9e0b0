import { describe, expect, test } from 'vitest';
import { unguarded } from '../../src/protection/guards.ts';
import { Alarm, type AlarmChange } from '../../src/watch/alarm.ts';
import type { FeatureReference } from '../../src/watch/feature-reference.ts';
import { featureReferences } from '../../src/watch/feature-reference.ts';
import { Latencies } from '../../src/watch/latencies.ts';
import { RouteWatch } from '../../src/watch/route-watch.ts';
import { caller, matrixOf, requestOf, tensorOf } from '../protection/requests.ts';

/** Ten bins of 0 to 10, a hundred rows each. */
const even: FeatureReference = {
  ...{ feature: 'age', input: 'x', at: 0 },
  edges: Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9),
  counts: [...new Array<number>(10).fill(100), 0],
};
const guards = { ...unguarded, references: [even] };

function watched(size = 200) {
  const changes: AlarmChange[] = [];
  const watch = new RouteWatch({ route: '/', model: 'm' }, { size }, (change) => changes.push(change));
  const { inputs, outputs } = watch.guards(guards, 'sha256:a');
  const ask = (values: readonly number[]): unknown =>
    inputs[0]?.protection.judge(
      matrixOf(
        'x',
        values.map((value) => [value]),
      ),
      caller,
      0,
    );
  const answer = (scores: readonly number[]): unknown =>
    outputs[0]?.protection.observe(
      matrixOf(
        'x',
        scores.map(() => [1]),
      ),
      { outputs: [tensorOf('p', 'FP32', [scores.length, 1], Float32Array.from(scores))] },
      ...([caller, 0] as const),
    );
  return { watch, changes, ask, answer };
}

const evenly = (count: number): number[] => Array.from({ length: count }, (_, at) => (at % 10) + 0.5);

describe('a feature', () => {
  test('that is asked for as it was trained on does not drift', () => {
    const { watch, changes, ask } = watched();
    expect(ask(evenly(200))).toBeUndefined();
    // The same shares: nothing lies between them.
    expect(watch.drift).toEqual([{ feature: 'age', stability: 0, p: 1, isRaised: false }]);
    expect(changes).toEqual([]);
  });

  test('that is another raises an alarm once, and clears it when it is again what it was', () => {
    const { watch, changes, ask } = watched();
    for (let window = 0; window < 2; window += 1) ask(new Array<number>(200).fill(9.5));
    // Nine bins of a tenth against half a value of 200, one of a tenth against all: Σ (p − q) ln(p / q) by hand.
    const empty = 0.5 / 200;
    expect(watch.drift[0]?.stability).toBeCloseTo(9 * (0.1 - empty) * Math.log(0.1 / empty) + 0.9 * Math.log(10), 9);
    expect(watch.raised).toEqual(['gateway.drift.feature.age']);
    ask(evenly(200));
    expect(changes.map(({ rule, state }) => `${rule} ${state}`)).toEqual([
      ...['gateway.drift.feature.age raised', 'gateway.drift.feature.age cleared'],
    ]);
    expect(watch.raised).toEqual([]);
  });

  test('is not compared before its window is full, and not with what another model was asked', () => {
    const { watch, ask } = watched();
    ask(new Array<number>(199).fill(9.5));
    expect([watch.rows, watch.drift]).toEqual([199, []]);
    watch.guards(guards, 'sha256:b');
    expect(watch.rows).toBe(0);
  });

  test('that is missing or not there counts as that, and breaks nothing', () => {
    const { watch, ask } = watched();
    ask(new Array<number>(200).fill(Number.NaN));
    expect(watch.drift[0]?.isRaised).toBe(true);
    const { inputs } = watch.guards(guards, 'sha256:a');
    expect(inputs[0]?.protection.judge({ inputs: [], rows: 1, isOpaque: true }, caller, 0)).toBeUndefined();
    expect(inputs[0]?.protection.judge(matrixOf('y', [[1]]), caller, 0)).toBeUndefined();
    expect(watch.rows).toBe(1);
  });
});

describe('scores', () => {
  test('are compared with the first window, and say how many answers are right if they are calibrated', () => {
    const { watch, changes, answer } = watched(100);
    answer(new Array<number>(100).fill(0.9));
    expect(watch.scores).toBeUndefined();
    answer([...new Array<number>(50).fill(0.9), ...new Array<number>(50).fill(0.2)]);
    // Half lies where none did; (0.9 + 0.8) / 2 are right.
    expect(watch.scores?.distance).toBe(0.5);
    expect(watch.scores?.expectedAccuracy).toBeCloseTo(0.85, 6);
    expect(changes.map(({ rule, state }) => `${rule} ${state}`)).toEqual(['gateway.drift.scores raised']);
  });

  test('that are no probabilities say nothing of what is right', () => {
    const { watch, answer } = watched(100);
    for (let window = 0; window < 2; window += 1) answer(new Array<number>(100).fill(3));
    expect(watch.scores).toMatchObject({ distance: 0, p: 1 });
    expect(watch.scores).not.toHaveProperty('expectedAccuracy');
  });
});

test('an alarm changes beyond its bounds only, and where chance does not explain it', () => {
  const alarm = new Alarm({ raise: 0.25, clear: 0.1 });
  expect([alarm.look(0.3, false), alarm.look(0.2, true), alarm.look(0.25, true), alarm.look(0.4, true)]).toEqual([
    ...[undefined, undefined, 'raised', undefined],
  ]);
  expect([alarm.look(0.11, false), alarm.look(0.1, false), alarm.look(0.2, true)]).toEqual([
    ...[undefined, 'cleared', undefined],
  ]);
});

test('a quantile of latencies lies in its bucket', () => {
  const latencies = new Latencies();
  expect(latencies.quantile(0.5)).toBeUndefined();
  for (let at = 0; at < 100; at += 1) latencies.add(at < 90 ? 0.004 : 0.2);
  expect(latencies.quantile(0.45)).toBeCloseTo(0.00375, 9);
  expect(latencies.quantile(0.99)).toBeCloseTo(0.1 + 0.15 * 0.9, 9);
  latencies.add(100);
  expect(latencies.quantile(1)).toBe(10);
});

test('a profile gives bins of a tenth of its rows or more, and texts; what it leaves out has none', () => {
  const column = { native: '', present: 100, missing: 7 };
  const references = featureReferences(
    {
      inputs: [
        { name: 'x', datatype: 'FP32' },
        { name: 't', datatype: 'BYTES' },
      ],
      features: ['a', 'b', 't'].map((feature, at) => ({
        ...{ feature, input: at === 2 ? 1 : 0, at: at % 2, isWhole: false, mayBeMissing: true },
      })),
      left: [],
    },
    {
      columns: [
        {
          ...{ ...column, name: 'a', type: 'number' as const },
          numbers: {
            mean: 1,
            zeros: 0,
            negatives: 0,
            infinite: 0,
            histogram: { from: 0, step: 2, counts: [4, 6, 90] },
          },
        },
        { ...column, name: 'b', type: 'number' as const },
        {
          ...{ ...column, name: 't', type: 'text' as const },
          top: {
            isExact: true,
            values: [
              { value: 'u', count: 60 },
              { value: 'v', count: 30 },
            ],
          },
        },
      ],
    } as unknown as Parameters<typeof featureReferences>[1],
  );
  expect(references).toEqual([
    { feature: 'a', input: 'x', at: 0, edges: Float64Array.of(4), counts: [10, 90, 7] },
    {
      feature: 't',
      input: 't',
      at: 0,
      texts: new Map([
        ['u', 0],
        ['v', 1],
      ]),
      counts: [60, 30, 10, 7],
    },
  ]);
});

test('texts are counted by name', () => {
  const reference: FeatureReference = {
    ...{ feature: 't', input: 't', at: 0, texts: new Map([['u', 0]]), counts: [50, 50, 0] },
  };
  const watch = new RouteWatch({ route: '/', model: 'm' }, { size: 100 }, () => undefined);
  const { inputs } = watch.guards({ ...unguarded, references: [reference] }, 'sha256:a');
  const texts = Array.from({ length: 100 }, (_, at) => (at % 2 === 0 ? 'u' : 'w'));
  inputs[0]?.protection.judge(requestOf(tensorOf('t', 'BYTES', [100, 1], texts)), caller, 0);
  expect(watch.drift[0]?.stability).toBe(0);
});
