import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { root } from '../repository.ts';

/** Files of half a minute and more: the last to begin would be waited for. */
const long: readonly string[] = [
  'tools/test/pack.test.ts',
  'packages/cli/test/golden.test.ts',
  'packages/pipeline/test/execution-secrets.test.ts',
  'packages/sandbox/test/strace.test.ts',
  'packages/cli/test/interruption.test.ts',
  'tools/test/guide.test.ts',
  'examples/test/sklearn.test.ts',
  'examples/test/dvc.test.ts',
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
