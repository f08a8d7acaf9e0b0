import { describe, expect, test } from 'vitest';
import { codesInStrings, type ErrorCodeQuestion, errorCodeProblems } from '../error-codes.ts';
import { errorsPage } from '../generate/errors-page.ts';

const entry = { exit: 2, meaning: 'something is not right', fix: 'put it right' };
const registry = { package: 'kelp', file: 'packages/kelp/src/errors.ts', errors: { HF_KELP_TORN: entry } };
const registrySource = {
  path: registry.file,
  text: "export const kelpErrors = { HF_KELP_TORN: { exit: 2, meaning: 'm', fix: 'f' } } as const;\n",
};
const raising = {
  path: 'packages/kelp/src/grow.ts',
  text: "throw new KelpError('HF_KELP_TORN', 'the kelp is torn');\n",
};
const testing = { path: 'packages/kelp/test/grow.test.ts', text: "expect(error.code).toBe('HF_KELP_TORN');\n" };

const right: ErrorCodeQuestion = {
  registries: [registry],
  sources: [registrySource, raising],
  tests: [testing],
  documentation: '| `HF_KELP_TORN` | 2 |',
};

describe('the check of the error codes', () => {
  test('is content when every code is documented, raised and tested', () => {
    expect(errorCodeProblems(right)).toEqual([]);
  });

  test('names a code that is not documented', () => {
    expect(errorCodeProblems({ ...right, documentation: '' })).toEqual([
      'packages/kelp/src/errors.ts: HF_KELP_TORN is not in docs/errors.md: npm run generate',
    ]);
  });

  test('names a code that is raised nowhere: neither its registry nor a comment raises it', () => {
    const comment = { path: 'packages/kelp/src/rest.ts', text: '/** @throws HF_KELP_TORN */\n// HF_KELP_TORN\n' };
    expect(errorCodeProblems({ ...right, sources: [registrySource, comment] })).toEqual([
      'packages/kelp/src/errors.ts: HF_KELP_TORN is raised nowhere',
    ]);
  });

  test('names a code that is in no test', () => {
    const longer = { path: testing.path, text: "'HF_KELP_TORN_APART' 'XHF_KELP_TORN'" };
    expect(errorCodeProblems({ ...right, tests: [longer] })).toEqual([
      'packages/kelp/src/errors.ts: HF_KELP_TORN is in no test',
    ]);
  });

  test('names a code that no registry declares', () => {
    const unknown = { path: 'packages/kelp/src/drift.ts', text: 'fail(`HF_KELP_ADRIFT`);\n' };
    expect(errorCodeProblems({ ...right, sources: [...right.sources, unknown] })).toEqual([
      'HF_KELP_ADRIFT is raised, but no registry declares it',
    ]);
  });

  test('names a code that two packages declare', () => {
    const other = { ...registry, package: 'wrack' };
    expect(errorCodeProblems({ ...right, registries: [registry, other] })).toEqual([
      'HF_KELP_TORN is declared by kelp and wrack',
    ]);
  });

  test('finds codes in every kind of string, and only there', () => {
    const text = [
      "const a = { 'HF_KEY': 1, code: 'HF_VALUE' };",
      'const b = `HF_PLAIN ${a} HF_TAIL ${a} HF_END`;',
      'const c = { HF_NAME: 1 }; // HF_COMMENT',
      "const d = 'HF_LOWER_case';",
    ].join('\n');
    expect(codesInStrings('x.ts', text)).toEqual(['HF_VALUE', 'HF_PLAIN', 'HF_TAIL', 'HF_END']);
  });
});

test('docs/errors.md has a line for each code, with cells that nothing ends early', () => {
  const page = errorsPage([{ ...registry, errors: { HF_KELP_TORN: { exit: 1, meaning: 'a | b', fix: 'run `x`' } } }]);
  expect(page.split('\n').filter((line) => line.includes('HF_KELP_TORN'))).toEqual([
    '| <a id="HF_KELP_TORN"></a>`HF_KELP_TORN` | 1 | A \\| b. | Run `x`. |',
  ]);
});
