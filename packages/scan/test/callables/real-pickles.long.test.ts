import { expect, it } from 'vitest';
import { judgeFor } from '../../src/callables/judge-for.ts';
import { needsPython, runPython } from './python.ts';
import { replay, type TracedStep } from './replay.ts';

it('lets pass every estimator of scikit-learn, fitted, by protocols 0, 2 and 5', { timeout: 600_000 }, (context) => {
  needsPython(context, 'scan');
  const judge = judgeFor({ callables: new Set(), digests: new Set() });
  const lines = runPython('scan', 'trace-pickles.py', ['sklearn']).trim().split('\n');
  const problems = lines.flatMap((line) => {
    const { name, steps } = JSON.parse(line) as { name: string; steps: TracedStep[] };
    return replay(judge, steps).map((problem) => `${name}: ${problem.slice(0, 300)}`);
  });
  expect(lines.length).toBeGreaterThan(500);
  expect(problems).toEqual([]);
});
