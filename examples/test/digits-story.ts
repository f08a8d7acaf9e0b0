import { expect } from 'vitest';
import type { ExampleProject } from './project.ts';

/** Signed and approved, the plain model is refused for one reason alone, and the hardened one is admitted. */
export function expectDigitsStory(project: ExampleProject): void {
  for (const model of ['plain', 'hardened']) {
    project.holdfast(['sign', model]);
    project.holdfast(['approve', model]);
  }
  const [plain, hardened] = [trialOf(project, 'plain'), trialOf(project, 'hardened')];
  expect(plain['robust_accuracy']).toBeLessThan(0.5);
  expect(hardened['robust_accuracy']).toBeGreaterThan(plain['robust_accuracy']! + 0.2);
  expect(hardened['clean_accuracy']).toBeGreaterThan(0.95);
  expect(project.gate('plain', 'production', false).reasons.map(({ policy }) => policy)).toEqual(['robust-enough']);
  expect(project.gate('hardened', 'production', true).reasons).toEqual([]);
}

/** The newest trial of an artifact. */
function trialOf(project: ExampleProject, artifact: string): Readonly<Record<string, number>> {
  const { checks } = project.answer(['run']) as {
    readonly checks: readonly {
      readonly artifact: string;
      readonly check: string;
      readonly status: string;
      readonly report: { readonly metrics: Readonly<Record<string, number>> };
    }[];
  };
  const found = checks.find((each) => each.artifact === artifact && each.check === 'trial.robustness');
  expect(found?.status).toBe('current');
  return found!.report.metrics;
}
