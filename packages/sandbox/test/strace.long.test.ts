import { expect, it } from 'vitest';
import { canBecomeNobody, nobody } from './run-escapes.ts';
import { expectAccounted, needs, programs, report, runStages } from './strace-scene.ts';

it('every file that a stage of nobody is seen to read is recorded', { timeout: 600_000 }, async (context) => {
  needs(context, ...programs);
  if (!(await canBecomeNobody())) context.skip('needs root, and setpriv');
  const outcome = await runStages(nobody, '/usr/bin:/bin', '-');
  report('nobody', outcome.stages);
  expect(outcome.stages.length).toBeGreaterThanOrEqual(14);
  expectAccounted(outcome);
});
