import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commands } from '../src/command-table.ts';
import { CliError } from '../src/errors.ts';
import { findCommand } from '../src/find-command.ts';
import { leadingOptions, readInvocation } from '../src/invocation.ts';

/** What the command line makes of words, without carrying it out. */
async function read(words: readonly string[]) {
  const { leading, rest } = await leadingOptions(words);
  const { command, rest: behind } = await findCommand(rest, commands);
  return { command: command.name, ...(await readInvocation(command, [...leading, ...behind])) };
}

const told = async (...words: string[]): Promise<{ code: string; message: string; fix: string }> => {
  try {
    await read(words);
  } catch (error) {
    if (error instanceof CliError) return { code: error.code, message: error.message, fix: error.fix };
    throw error;
  }
  throw new Error('nothing was wrong');
};

describe('the command line', () => {
  test('options may stand before the command, between and behind', async () => {
    for (const words of [
      ['--json', '-C', '/p', 'gate', 'model', '--to', 'x'],
      ['gate', '--to=x', 'model', '--project=/p', '--json'],
      ['-C', '/p', 'gate', '--json', '--to', 'x', '--', 'model'],
    ]) {
      const { command, folder, arguments: rest, options } = await read(words);
      expect({ command, folder, rest, to: options['to'], json: options['json'] }).toEqual({
        command: 'gate',
        folder: '/p',
        rest: ['model'],
        to: 'x',
        json: true,
      });
    }
  });

  test.each([
    [['statsu'], 'HF_CLI_COMMAND', 'there is no command `statsu`', 'did you mean `holdfast status`?'],
    [
      ['evidence', 'lits'],
      'HF_CLI_COMMAND',
      'there is no command `evidence lits`',
      'did you mean `holdfast evidence list`?',
    ],
    [['run', '--du'], 'HF_CLI_USAGE', 'there is no option `--du`', 'did you mean `--due`?'],
    [['run', '-z'], 'HF_CLI_USAGE', 'there is no option `-z`', 'holdfast run --help'],
    [['sign'], 'HF_CLI_USAGE', '`sign` takes 1 argument, not 0', 'holdfast sign PATH'],
    [['key', 'trust', 'a', 'b'], 'HF_CLI_USAGE', '`key trust` takes at most 1 argument, not 2', undefined],
    [['gate', 'm', '--to', '--json'], 'HF_CLI_USAGE', '`--to` needs a value', 'holdfast gate --help'],
    [['init', '-y=1'], 'HF_CLI_USAGE', undefined, undefined],
  ])('%j', async (words, code, message, fix) => {
    const found = await told(...words);
    expect(found.code).toBe(code);
    if (message !== undefined) expect(found.message).toBe(message);
    if (fix !== undefined) expect(found.fix).toBe(fix);
  });

  test('whatever is typed is understood or refused in our own words', async () => {
    const word = fc.oneof(
      fc.constantFrom(
        ...commands.flatMap(({ name }) => name.split(' ')),
        '--json',
        '-C',
        '--to',
        '--',
        '-',
        '--key=',
        '',
      ),
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.stringMatching(/^-{1,3}[a-z=-]{0,8}$/),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 6 }), async (words) => {
        await read(words).catch((error: unknown) => {
          expect(error).toBeInstanceOf(CliError);
          expect((error as CliError).message).not.toMatch(/undefined|\[object/);
        });
      }),
      { numRuns: 500 },
    );
  });
});
