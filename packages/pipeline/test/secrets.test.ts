import { chmodSync, chownSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import type { SecretDeclaration } from '@holdfast/contracts';
import { temporaryFolder } from '@holdfast/testkit';
import { beforeEach, describe, expect, test } from 'vitest';
import { PipelineError } from '../src/errors.ts';
import { handOver, readSecrets, Secret } from '../src/execution/secrets.ts';

let folder = '';
let project = '';
beforeEach(() => {
  folder = temporaryFolder();
  project = join(folder, 'project');
  mkdirSync(project);
});

const value = 'hf_KelpForest93';

function file(name: string, content: string | Uint8Array, mode = 0o600): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

function read(declared: readonly SecretDeclaration[], environment: Record<string, string> = {}): readonly Secret[] {
  return readSecrets(declared, { environment, project });
}

const fromEnv = (name: string, env = name): SecretDeclaration => ({ name, from: { env }, as: 'variable' });
const fromFile = (path: string, as: SecretDeclaration['as'] = 'variable'): SecretDeclaration => {
  return { name: 'TOKEN', from: { file: path }, as };
};

function refusal(declared: SecretDeclaration, environment: Record<string, string> = {}): PipelineError {
  try {
    read([declared], environment);
  } catch (error) {
    if (error instanceof PipelineError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

const textOf = (secret: Secret | undefined): string => Buffer.from(secret?.content ?? []).toString();

describe('reading', () => {
  test('a variable, by its own name or by another one', () => {
    const [one, other] = read([fromEnv('A'), fromEnv('B', 'b_source')], { A: value, b_source: `${value}2` });
    expect([textOf(one), textOf(other)]).toEqual([value, `${value}2`]);
  });

  test.each([
    [`${value}\n`, value],
    [`${value}\r\n`, value],
    [`${value}\n\n`, `${value}\n`],
    [value, value],
  ])('a file %j as a variable loses one newline', (content, expected) => {
    expect(textOf(read([fromFile(file('token', content))])[0])).toBe(expected);
  });

  test('a file as a file keeps every byte', () => {
    const bytes = Uint8Array.of(1, 2, 0, 255, 4, 5, 6, 10);
    expect(read([fromFile(file('token', bytes), 'file')])[0]?.content).toEqual(bytes);
  });

  test('a file below the home folder, and one behind a link', () => {
    const path = file('token', value);
    const link = join(folder, 'link');
    symlinkSync(path, link);
    expect(textOf(read([fromFile(link)])[0])).toBe(value);
    const missing = refusal(fromFile('~/.config/no-such-folder/token'));
    expect(missing.where).toBe(join(homedir(), '.config/no-such-folder/token'));
  });

  test('a value of 64 KiB, and not one byte more', () => {
    const long = 'kelp'.repeat(16 * 1024 - 1);
    expect(read([fromFile(file('token', `${long}\x01xyz`))])[0]?.content.length).toBe(64 * 1024);
    expect(refusal(fromFile(file('token', `${long}wxyz\n`))).code).toBe('HF_SECRET_UNUSABLE');
    expect(refusal(fromEnv('A'), { A: `${long}wxyz\n` }).code).toBe('HF_SECRET_UNUSABLE');
    const three = ['A', 'B', 'C'].map((name) => fromEnv(name));
    const large = 'kelp'.repeat(12_000);
    expect(() => read(three, { A: large, B: large, C: large })).toThrow('together');
  });
});

describe('what is refused, without a word of it', () => {
  test('one that is not there; the fix names where it should be', () => {
    const unset = refusal(fromEnv('HF_TOKEN', 'TOKEN_OF_CI'));
    expect(unset).toMatchObject({ code: 'HF_SECRET_MISSING', exit: 2 });
    expect(unset.message).toBe('the secret `HF_TOKEN` is missing: `TOKEN_OF_CI` is not set');
    expect(unset.fix).toContain('set the variable TOKEN_OF_CI');
    expect(refusal(fromEnv('A'), { A: '' }).code).toBe('HF_SECRET_MISSING');
    const path = join(folder, 'nothing');
    expect(refusal(fromFile(path))).toMatchObject({ code: 'HF_SECRET_MISSING', where: path });
    expect(refusal(fromFile(file('empty', ''))).code).toBe('HF_SECRET_MISSING');
  });

  test.each([0o604, 0o640, 0o602, 0o660, 0o644])('a file that others can reach: mode %o', (mode) => {
    const path = file('token', value, mode);
    const error = refusal(fromFile(path));
    expect(error).toMatchObject({ code: 'HF_SECRET_EXPOSED', exit: 2, fix: `chmod 600 ${path}` });
    expect(error.message).not.toContain(value);
  });

  test('as OpenSSH has it, what belongs to another user is for that user to judge', () => {
    // root may give a file away; everybody else has files of root to read
    const path = process.getuid?.() === 0 ? file('given', 'hf_KelpForest93', 0o444) : '/etc/passwd';
    if (process.getuid?.() === 0) chownSync(path, 65_534, 65_534);
    expect(read([fromFile(path)])[0]?.name).toBe('TOKEN');
  });

  test('what is no plain file', () => {
    for (const path of [folder, '/dev/zero', '/dev/null']) {
      expect(refusal(fromFile(path)).code).toBe('HF_SECRET_UNUSABLE');
    }
  });

  test('a file in the project, also through a link', () => {
    const path = file('project/token', value);
    symlinkSync(path, join(folder, 'link'));
    for (const each of [path, join(folder, 'link')]) {
      expect(refusal(fromFile(each))).toMatchObject({ code: 'HF_SECRET_UNUSABLE', fix: 'move it out of the project' });
    }
  });

  test('bytes that no variable can hold', () => {
    expect(refusal(fromFile(file('token', `${value}\0x`)))).toMatchObject({
      code: 'HF_SECRET_UNUSABLE',
      fix: 'hand it over with `as: file`',
    });
    expect(refusal(fromFile(file('token', Uint8Array.of(0xff, 1, 2, 3, 4, 5, 6)))).code).toBe('HF_SECRET_UNUSABLE');
  });

  test.each([
    ['abcde', /fewer than `6` bytes/],
    ['  ab  cd\n', undefined],
    ['\n a \n', /fewer than `6` bytes/],
    ['aabbccaa', /fewer than `4` different bytes/],
    ['123456789', /number of fewer than `10` digits/],
    ['1234567890', undefined],
    ['Password', /is a word/],
    ['localhost', /is a word/],
    ['TOKEN]', /is the name of a secret/],
    ['secret TOKEN', /is the name of a secret/],
    ['secret TOKENS', undefined],
    ['kelpfo', undefined],
  ])('%j is too weak to be taken out of a log: %s', (weak, expected) => {
    const declared: SecretDeclaration = { name: 'TOKEN', from: { env: 'TOKEN' }, as: 'file' };
    if (expected === undefined) {
      expect(textOf(read([declared], { TOKEN: weak })[0])).toBe(weak);
      return;
    }
    const error = refusal(declared, { TOKEN: weak });
    expect(error).toMatchObject({ code: 'HF_SECRET_WEAK', exit: 2 });
    expect(error.message).toMatch(expected);
  });
});

test('printing, inspecting and serialising a secret do not show it', () => {
  const secret = new Secret('TOKEN', 'file', Buffer.from(value));
  const bytes = Buffer.from(value);
  for (const shown of [
    JSON.stringify({ secret }),
    inspect({ secret }, { depth: 10, showHidden: true }),
    JSON.stringify(Object.entries(secret)),
    inspect(structuredClone(secret), { showHidden: true }),
  ]) {
    expect(shown).not.toContain(value);
    expect(shown).not.toContain(bytes.toString('hex').replaceAll(/..(?=.)/g, '$& '));
    expect(shown).not.toContain([...bytes].join(','));
  }
});

describe('handing over', () => {
  test('a variable holds the value, a file is for this user only, and its path is in a variable', () => {
    const secrets = [
      new Secret('HF_TOKEN', 'variable', Buffer.from('kelp é')),
      new Secret('DB_PASSWORD', 'file', Buffer.from('kelp\n')),
    ];
    const { environment, files } = handOver(secrets, folder);
    const path = join(folder, 'secrets/DB_PASSWORD');
    expect(environment).toEqual({ HF_TOKEN: 'kelp é', DB_PASSWORD_FILE: path });
    expect(files).toEqual([path]);
    expect(readFileSync(path, 'utf8')).toBe('kelp\n');
    expect(lstatSync(path).mode & 0o777).toBe(0o400);
    expect(lstatSync(join(folder, 'secrets')).mode & 0o777).toBe(0o700);
  });

  test('a file that is there already is not written over', () => {
    mkdirSync(join(folder, 'secrets'));
    expect(() => handOver([new Secret('A', 'file', Buffer.from(value))], folder)).toThrow(
      expect.objectContaining({ code: 'HF_RUN_SPAWN' }),
    );
  });
});
