import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { root } from '../repository.ts';

/** The slowest files: the last to begin would be waited for. */
const long: readonly string[] = [
  'packages/cli/test/golden.test.ts',
  'packages/pipeline/test/execution-secrets.test.ts',
  'packages/cli/test/interruption.test.ts',
  'packages/pipeline/test/run-pipeline.test.ts',
  'packages/sandbox/test/container-probe.test.ts',
  'packages/cli/test/trial/robustness.test.ts',
  'packages/cli/test/secrets.test.ts',
];

/** The files that take long first, then in vitest's order, which in a fresh clone is by size. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rest = await super.sort(files);
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = long.indexOf(relative(root, moduleId));
      return at === -1 ? long.length : at;
    };
    return rest.toSorted((one, other) => rank(one) - rank(other));
  }
}
