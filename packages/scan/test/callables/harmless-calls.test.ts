import { expect, it } from 'vitest';
import { ranOf, runAllowed } from './harmless-calls.ts';
import { needsPython } from './python.ts';

it('sees what a call does, so that seeing nothing means something', (context) => {
  needsPython(context, 'scan');
  const [opened, imported, quiet] = ranOf('scan', [
    { do: 'reduce', callee: ['ref', 'builtins', 'open'], args: [['str', '/dev/null']] },
    { do: 'reduce', callee: ['ref', 'builtins', '__import__'], args: [['str', 'colorsys']] },
    { do: 'reduce', callee: ['ref', 'collections', 'OrderedDict'], args: [] },
  ]);
  expect(opened!.events[0]).toEqual(['open', "('/dev/null', 'r', 524288)"]);
  expect(imported!.events.map(([name]) => name)).toContain('import');
  expect(quiet).toEqual({ events: [], raised: null });
});

it('opens, imports, connects and executes nothing in any allowed form of a call: Python, numpy, scikit-learn …', (context) => {
  needsPython(context, 'scan');
  const outcome = runAllowed('scan', 2, 20261128);
  expect(outcome.seen).toEqual([]);
  expect(outcome.untried).toEqual([]);
  expect(outcome.returned / outcome.ran).toBeGreaterThan(0.85);
});
