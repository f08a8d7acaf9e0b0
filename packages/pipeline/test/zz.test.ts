import { newAllowedProject } from '@holdfast/testkit';
import { test, expect } from 'vitest';
test('x', async () => {
  const t0=Date.now(); const p = await newAllowedProject(); console.log(p.folder, Date.now()-t0);
  const { decision } = await p.ask(); console.log(JSON.stringify(decision.reasons,null,1), decision.passed, Date.now()-t0);
  expect(decision.allowed).toBe(true);
});
