import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder, tinyYaml } from '@holdfast/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findConfiguration, loadConfiguration, parseConfiguration } from '../src/configuration.ts';
import { PipelineError } from '../src/errors.ts';

const head = 'project: tiny\nledger: tiny.example\n';

function problemOf(text: string): PipelineError {
  try {
    parseConfiguration(text, 'h.yaml');
  } catch (error) {
    if (error instanceof PipelineError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

/** `<<|` marks where the problem must be named; line and column are counted here, another way than the code does. */
function marked(text: string): { text: string; place: string } {
  const before = text.slice(0, text.indexOf('<<|'));
  const lines = before.split('\n');
  return { text: text.replace('<<|', ''), place: `h.yaml:${lines.length}:${(lines.at(-1) ?? '').length + 1}` };
}

describe('a problem is named at its line and column', () => {
  const yaml: Record<string, string> = {
    'a tab': `${head}<<|\tstages: {}\n`,
    'a key twice': `${head}<<|project: again\n`,
    'an open bracket': `${head}artifacts: {a: {path: x, kind: model}<<|`,
    'a key twice, once in quotes': `${head}stages: { a: { command: x }, <<|"a": { command: y } }\n`,
    'a list as key': `${head}<<|[ a, b ]: c\n`,
    'two documents': `${head}<<|---\n${head}`,
    'an alias without anchor': `${head}artifacts: { a: <<|*nowhere }\n`,
    'an anchor after its alias': `${head}artifacts:\n  a: <<|*b\n  b: &b { path: x, kind: model }\n`,
    'a tag': `${head}artifacts: <<|!!js/function "() => 1"\n`,
    'a version of YAML that does not exist': `%YAML <<|9.9\n---\n${head}`,
  };
  for (const [name, source] of Object.entries(yaml)) {
    test(`not YAML: ${name}`, () => {
      const { text, place } = marked(source);
      expect(problemOf(text)).toMatchObject({ code: 'HF_CONFIG_YAML', where: place, exit: 2 });
    });
  }

  const invalid: Record<string, string> = {
    'nothing at all': '<<|',
    'a text': '<<|hello',
    'a list': '<<|- a\n- b\n',
    'a project that is a number': 'project: <<|12\nledger: tiny.example\n',
    'an unknown key with a scalar': `${head}colour: <<|blue\n`,
    'an unknown key with a block': `${head}<<|artefacts:\n  model: { path: m, kind: model }\n`,
    'an unknown key, deep': `${head}stages:\n  train:\n    command: sh t.sh\n    <<|inputz:\n      - a\n`,
    'a stage without a command': `${head}stages:\n  <<|train:\n    inputs: [a]\n`,
    'an artifact without a kind': `${head}artifacts:\n  model: <<|{ path: m }\n`,
    'a kind that is none': `${head}artifacts:\n  model: { path: m, kind: <<|brain }\n`,
    'a path that leaves': `${head}artifacts:\n  model: { path: <<|../m, kind: model }\n`,
    'an absolute path': `${head}stages:\n  a: { command: x, outputs: [ok, <<|/etc/passwd] }\n`,
    'a path into .holdfast': `${head}stages:\n  a:\n    command: x\n    outputs:\n      - ok\n      - <<|.holdfast/keys\n`,
    'an environment without a policy': `${head}environments: { production: <<|{} }\n`,
    'a check of an artifact that is not declared': `${head}checks:\n  <<|modle:\n    - scan\n`,
    'a size that is none': `${head}stages: { a: { command: x, sandbox: { memory: <<|4 } } }\n`,
    'what an alias brings along': `${head}stages:\n  a: { command: x, sandbox: &s { cpus: <<|-1 } }\n`,
  };
  for (const [name, source] of Object.entries(invalid)) {
    test(`not a configuration: ${name}`, () => {
      const { text, place } = marked(source);
      expect(problemOf(text)).toMatchObject({ code: 'HF_CONFIG_INVALID', where: place, exit: 2 });
    });
  }

  test('the first is thrown, the others are in its message with their places', () => {
    const text = `project: 1\nledger: tiny.example\nstages:\n  a: { command: 2 }\n  b: { command: 3 }\n`;
    const problem = problemOf(text);
    expect(problem.where).toBe('h.yaml:1:10');
    expect(problem.message.split('\n').slice(1)).toEqual([
      expect.stringMatching(/^ {2}h\.yaml:4:17 {2}`stages\.a\.command` /),
      expect.stringMatching(/^ {2}h\.yaml:5:17 {2}`stages\.b\.command` /),
    ]);
  });

  test('of many problems nine are said', () => {
    const stages = Array.from({ length: 50 }, (_, at) => `  s${at}: { command: 1 }\n`).join('');
    expect(problemOf(`${head}stages:\n${stages}`).message.split('\n')).toHaveLength(9);
  });
});

describe('what is made to exhaust a parser', () => {
  const laughs = (names: string): string =>
    Array.from(names)
      .map((name, at) => {
        const inner = at === 0 ? 'ha' : `*${names[at - 1] ?? ''}`;
        return `  ${name}: &${name} [${Array.from({ length: 10 }, () => inner).join(', ')}]\n`;
      })
      .join('');
  const hostile: Record<string, string> = {
    'a billion laughs': `${head}artifacts:\n${laughs('abcdefghi')}`,
    'an alias to itself': `${head}artifacts: &a [*a]\n`,
    'deep brackets': `${head}artifacts: ${'['.repeat(50_000)}`,
    'deep braces': `${head}artifacts: ${'{a: '.repeat(50_000)}`,
    'deep blocks': `${head}${Array.from({ length: 1300 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join('')}`,
    'deep lists': `${head}artifacts:\n${'- '.repeat(100_000)}`,
    'a hundred thousand keys': `${head}artifacts: {${Array.from({ length: 100_000 }, (_, at) => `k${at}`).join(',')}}`,
    'a file over 1 MiB': `${head}# ${'x'.repeat(1024 * 1024)}`,
    'a hundred thousand aliases': `${head}artifacts:\n  a: &a x\n  b: [${'*a, '.repeat(100_000)}]\n`,
  };
  for (const [name, text] of Object.entries(hostile)) {
    test(name, () => {
      const { code, where } = problemOf(text);
      expect(code).toMatch(/^HF_CONFIG_(YAML|INVALID)$/);
      expect(where).toMatch(/^h\.yaml(:\d+:\d+)?$/);
    });
  }

  test('keys that JavaScript would take for something else', () => {
    for (const key of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      expect(problemOf(`${head}${key}: { polluted: true }\n`).code).toBe('HF_CONFIG_INVALID');
      expect(problemOf(`${head}artifacts:\n  ${key}: { path: a, kind: robot }\n`).code).toBe('HF_CONFIG_INVALID');
    }
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('mutations', () => {
  const tokens = [
    '*a',
    '&a ',
    '!!set ',
    '!x ',
    '- ',
    ': ',
    '? ',
    '{',
    '}',
    '[',
    ']',
    '|\n',
    '>\n',
    '"',
    "'",
    '#',
    '%',
    '---\n',
    '...\n',
    '\t',
    '\n',
    '  ',
    '<<: *a',
    'null',
    '~',
    '1e999',
    '.nan',
    '0x1',
    'yes',
    '__proto__',
    '\0',
    '\ud800',
    '\u202e',
    '..',
    '/',
    '\\',
    '`',
    '@',
  ];
  const edit = fc.record({
    at: fc.nat(tinyYaml.length),
    remove: fc.oneof(fc.constant(0), fc.nat(30)),
    insert: fc.oneof(fc.constantFrom(...tokens), fc.string({ maxLength: 8, unit: 'binary' })),
    again: fc.nat(3),
  });

  test('of the text are read, or refused with a code and a place', () => {
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 6 }), (edits) => {
        let text = tinyYaml;
        for (const { at, remove, insert, again } of edits) {
          text = text.slice(0, at) + insert.repeat(again + 1) + text.slice(at + remove);
        }
        try {
          parseConfiguration(text, 'h.yaml');
        } catch (error) {
          if (!(error instanceof PipelineError)) throw error;
          expect(error.code).toMatch(/^HF_CONFIG_(YAML|INVALID)$/);
          const [, line, column] = /^h\.yaml:(\d+):(\d+)$/.exec(error.where ?? '') ?? [];
          expect(Number(line)).toBeLessThanOrEqual(text.split(/\n/).length);
          expect(Number(column)).toBeGreaterThanOrEqual(1);
        }
      }),
      { numRuns: 1500 },
    );
  });

  test('of the tree are read, or refused with a code and a place', () => {
    const anything = fc.anything({
      withNullPrototype: false,
      maxDepth: 4,
      key: fc.constantFrom('path', 'kind', 'command', 'inputs', 'policy', 'a', ''),
    });
    const section = fc.constantFrom(
      'project',
      'ledger',
      'sources',
      'artifacts',
      'stages',
      'checks',
      'environments',
      'gateway',
    );
    fc.assert(
      fc.property(section, anything, (key, value) => {
        let json: string | undefined;
        try {
          json = JSON.stringify(value);
        } catch {
          json = undefined;
        }
        fc.pre(json !== undefined);
        const others = key === 'project' || key === 'ledger' ? '' : head;
        try {
          parseConfiguration(`${others}${key}: ${json}\n`, 'h.yaml');
        } catch (error) {
          if (!(error instanceof PipelineError)) throw error;
          expect(error.where).toMatch(/^h\.yaml:\d+:\d+$/);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('finding and loading', () => {
  test('looks in the folders above, and names what it found', async () => {
    const folder = temporaryFolder();
    await mkdir(join(folder, 'a/b'), { recursive: true });
    writeFileSync(join(folder, 'holdfast.yaml'), tinyYaml);
    const file = await findConfiguration(join(folder, 'a/b'));
    expect(file).toBe(join(folder, 'holdfast.yaml'));
    const loaded = await loadConfiguration(file);
    expect(loaded).toMatchObject({ folder, file, sha256: createHash('sha256').update(tinyYaml).digest('hex') });
    expect(loaded.config.stages['train']).toMatchObject({
      owner: 'builder',
      command: 'sh train.sh',
      outputs: ['model'],
    });
    expect(loaded.config.environments['production']?.maxAge).toBe(30 * 24 * 3600 * 1000);
  });

  test('a folder of that name is not one', async () => {
    const folder = temporaryFolder();
    await mkdir(join(folder, 'holdfast.yaml'));
    await expect(findConfiguration(folder)).rejects.toMatchObject({ code: 'HF_CONFIG_NOT_FOUND', exit: 2 });
    await expect(loadConfiguration(join(folder, 'holdfast.yaml'))).rejects.toMatchObject({
      code: 'HF_CONFIG_NOT_FOUND',
    });
  });

  test('a file that is not UTF-8 is refused', async () => {
    const file = join(temporaryFolder(), 'holdfast.yaml');
    await writeFile(
      file,
      Buffer.concat([
        Buffer.from(head),
        Buffer.from('stages: { "'),
        Buffer.from([0xff, 0xfe]),
        Buffer.from('": { command: x } }\n'),
      ]),
    );
    await expect(loadConfiguration(file)).rejects.toMatchObject({ code: 'HF_CONFIG_YAML' });
  });
});
