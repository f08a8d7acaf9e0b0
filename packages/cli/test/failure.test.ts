import { describe, expect, test } from 'vitest';
import { failureLines, failureOf } from '../src/failure.ts';

const systemError = (code: string, path?: string): Error =>
  Object.assign(new Error(`${code}: something, open '${path ?? ''}'`), {
    code,
    ...(path === undefined ? {} : { path }),
  });

describe('what an error of the system means', () => {
  test.each([
    ['ENOSPC', 'HF_CLI_DISK_FULL', 'the disk is full'],
    ['EDQUOT', 'HF_CLI_DISK_FULL', 'the quota of the disk is used up'],
    ['EACCES', 'HF_CLI_PERMISSION', 'access is denied'],
    ['EPERM', 'HF_CLI_PERMISSION', 'it is not permitted'],
    ['EROFS', 'HF_CLI_PERMISSION', 'the file system is read-only'],
    ['ENOENT', 'HF_CLI_NOT_FOUND', 'it does not exist'],
    ['ENOTDIR', 'HF_CLI_NOT_FOUND', 'a part of the path is not a folder'],
    ['EISDIR', 'HF_CLI_NOT_FOUND', 'it is a folder, not a file'],
    ['ELOOP', 'HF_CLI_NOT_FOUND', 'its links lead in a circle'],
  ])('%s is %s', (system, code, words) => {
    const failure = failureOf(systemError(system, '/data/x'));
    expect(failure).toMatchObject({ code, exit: 3, message: `\`/data/x\` cannot be used: ${words}` });
    expect(failureOf(systemError(system)).message).toBe(words);
  });

  test('anything else was not foreseen, and says how to find out more', () => {
    for (const thrown of [new TypeError('x is not a function'), 'a text', undefined, systemError('EIO')]) {
      const { code, exit, fix } = failureOf(thrown);
      expect({ code, exit }).toEqual({ code: 'HF_CLI_INTERNAL', exit: 3 });
      expect(fix).toContain('--debug');
    }
  });
});

test('an error of any package keeps its code, its place and its fix', () => {
  const error = Object.assign(new Error('`x` is wrong'), { code: 'HF_ANY', exit: 2, fix: 'mend it', where: 'x:1:2' });
  expect(failureLines(failureOf(error))).toEqual([
    'holdfast: `x` is wrong',
    '  at    x:1:2',
    '  Do:   mend it',
    '  code  HF_ANY',
  ]);
});
