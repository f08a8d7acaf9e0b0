import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configProblems, holdfastYaml, variableOf } from '../src/index.ts';

function parse(secrets: unknown) {
  const parsed = holdfastYaml.safeParse({
    project: 'a',
    ledger: 'a.example',
    stages: { train: { command: 'true', secrets } },
  });
  if (parsed.success) return { secrets: parsed.data.stages['train']?.secrets, problems: [] };
  return { secrets: undefined, problems: configProblems(parsed.error) };
}

describe('the secrets of a stage', () => {
  it('are names, or a mapping from names to where they come from', () => {
    expect(parse(['HF_TOKEN', 'X']).secrets).toEqual([
      { name: 'HF_TOKEN', from: { env: 'HF_TOKEN' }, as: 'variable' },
      { name: 'X', from: { env: 'X' }, as: 'variable' },
    ]);
    const mapping = {
      HF_TOKEN: {},
      API_KEY: { env: 'ci_api_key' },
      DB_PASSWORD: { file: '~/.config/db-password', as: 'file' },
      CERT: { file: '/run/secrets/cert' },
    };
    expect(parse(mapping).secrets).toEqual([
      { name: 'HF_TOKEN', from: { env: 'HF_TOKEN' }, as: 'variable' },
      { name: 'API_KEY', from: { env: 'ci_api_key' }, as: 'variable' },
      { name: 'DB_PASSWORD', from: { file: '~/.config/db-password' }, as: 'file' },
      { name: 'CERT', from: { file: '/run/secrets/cert' }, as: 'variable' },
    ]);
    expect(parse([]).secrets).toEqual([]);
    expect(parse({}).secrets).toEqual([]);
  });

  it('are found in a variable of their name, or with `_FILE` behind it', () => {
    expect(variableOf({ name: 'KEY', as: 'variable' })).toBe('KEY');
    expect(variableOf({ name: 'KEY', as: 'file' })).toBe('KEY_FILE');
  });

  it.each([
    'PATH',
    'HOME',
    'TMPDIR',
    'IFS',
    'ENV',
    'BASH_ENV',
    'LD_PRELOAD',
    'LD_LIBRARY_PATH',
    'DYLD_INSERT_LIBRARIES',
    'PYTHONPATH',
    'PYTHONSTARTUP',
    'NODE_OPTIONS',
    'PERL5OPT',
    'RUBYOPT',
    'JAVA_TOOL_OPTIONS',
    'GIT_SSH_COMMAND',
    'GIT_CONFIG_COUNT',
    'HTTP_PROXY',
    'HTTPS_PROXY',
    'NO_PROXY',
    'SSL_CERT_FILE',
    'SSL_CERT',
    'HOLDFAST_RUN',
    'HOLDFAST_PASSPHRASE',
    'LC_ALL',
  ])('cannot be called %s', (name) => {
    for (const secrets of [[name], { [name]: {} }, { [name]: { as: 'file' } }]) {
      const [problem] = parse(secrets).problems;
      expect(problem?.message).toBe(`\`${name}\` is a variable with a meaning of its own: choose another name`);
    }
  });

  it.each(['NODE_AUTH_TOKEN', 'PYTHON_TOKEN', 'GIT_TOKEN', 'PATHS', 'A', 'A1_', `A${'B'.repeat(63)}`])(
    'can be called %s',
    (name) => {
      expect(parse([name]).problems).toEqual([]);
    },
  );

  it.each(['', 'hf_token', 'A-B', 'A B', '1A', '_A', 'A=B', 'Ä', 'A\n', `A${'B'.repeat(64)}`])(
    'cannot be called %j, which is no name',
    (name) => {
      expect(parse([name]).problems[0]?.message).toMatch(/is not the name of a secret/);
      expect(parse({ [name]: {} }).problems[0]?.message).toMatch(/is not the name of a secret/);
    },
  );

  it.each<[secrets: unknown, message: RegExp, path: (string | number)[]]>([
    ['HF_TOKEN', /^expected a list of names, or a mapping/, []],
    [null, /^expected a list of names, or a mapping/, []],
    [[12], /^expected the name of a secret such as `API_TOKEN`, found the number `12`$/, [0]],
    [['A', 'B', 'A'], /^names a secret twice$/, []],
    [{ A: null }, /^expected where it comes from/, ['A']],
    [{ A: 'hunter2' }, /^expected where it comes from, such as (?!.*hunter2)/, ['A']],
    [{ A: { value: 'hunter2' } }, /^unknown key `value`$/, ['A', 'value']],
    [{ A: { env: 'X', file: '/x' } }, /^comes from a variable or from a file, not from both$/, ['A']],
    [{ A: { env: '' } }, /is not the name of an environment variable$/, ['A', 'env']],
    [{ A: { env: 'A=B' } }, /is not the name of an environment variable$/, ['A', 'env']],
    [{ A: { env: 'HOLDFAST_PASSPHRASE' } }, /belongs to Holdfast and is not handed over$/, ['A', 'env']],
    [{ A: { file: 'secrets/token' } }, /secrets lie outside of the project$/, ['A', 'file']],
    [{ A: { file: '../token' } }, /secrets lie outside of the project$/, ['A', 'file']],
    [{ A: { file: '~' } }, /secrets lie outside of the project$/, ['A', 'file']],
    [{ A: { file: '~root/token' } }, /secrets lie outside of the project$/, ['A', 'file']],
    [{ A: { file: '/a\nb' } }, /control characters/, ['A', 'file']],
    [{ A: { file: `/${'a'.repeat(1024)}` } }, /longer than 1024/, ['A', 'file']],
    [{ A: { as: 'argument' } }, /^expected `variable` or `file`, found the text `argument`$/, ['A', 'as']],
    [{ A: { as: 'file' }, A_FILE: {} }, /^hands two secrets over in one variable$/, []],
    [Array.from({ length: 65 }, (_, index) => `A${index}`), /^holds more than 64 secrets$/, []],
  ])('%j is refused', (secrets, message, path) => {
    const { problems } = parse(secrets);
    expect(problems[0]?.message).toMatch(message);
    expect(problems[0]?.path).toEqual(['stages', 'train', 'secrets', ...path]);
  });

  it('whatever is accepted sets only variables that are plain names, each once', () => {
    const name = fc.oneof(fc.constantFrom('A', 'A_FILE', 'PATH', 'LD_PRELOAD', 'a'), fc.string({ maxLength: 8 }));
    const source = fc.record({ env: name, as: fc.constantFrom('variable', 'file', 'x') }, { requiredKeys: [] });
    const any = fc.oneof(fc.array(name, { maxLength: 5 }), fc.dictionary(name, source, { maxKeys: 5 }));
    fc.assert(
      fc.property(any, (declared) => {
        const variables = (parse(declared).secrets ?? []).map(variableOf);
        for (const variable of variables) expect(variable).toMatch(/^[A-Z][A-Z0-9_]*$/);
        expect(new Set(variables).size).toBe(variables.length);
        expect(variables).not.toContain('PATH');
        expect(variables).not.toContain('LD_PRELOAD');
      }),
      { numRuns: 500 },
    );
  });
});
