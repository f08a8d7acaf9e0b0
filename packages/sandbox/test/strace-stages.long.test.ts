import { expect, it } from 'vitest';
import { environment, expectAccounted, needs, programs, report, runStages } from './strace-scene.ts';

it('every file that ten Python and five Node.js stages and more are seen to read is recorded', {
  timeout: 600_000,
}, async (context) => {
  needs(context, ...programs, environment);
  const outcome = await runStages([], process.env['PATH'] ?? '', environment, 'packages');
  report('self', outcome.stages);
  const count = (language: string): number => outcome.stages.filter((stage) => stage.language === language).length;
  expect(count('python')).toBeGreaterThanOrEqual(10);
  expect(count('node')).toBeGreaterThanOrEqual(5);
  const seen = new Set(outcome.stages.flatMap(({ files }) => Object.keys(files)));
  expect(seen.size).toBeGreaterThan(1000);
  expectAccounted(outcome);
});
