import { describe, expect, it } from 'vitest';
import { readTrace, straceOptions } from './strace-log.ts';

describe('readTrace', () => {
  const start =
    '1 execve("/usr/bin/bwrap", ["bwrap"], 0x1 /* 1 var */) = 0\n2 execve("/bin/sh", ["sh"], 0x1 /* 1 var */) = 0\n';
  const read = (...lines: string[]) => readTrace(`${start}${lines.join('\n')}\n`, '/bin/sh');

  // written by strace 6.1
  it.each([
    [
      'an open file',
      '2 openat(AT_FDCWD</project>, "data/x", O_RDONLY|O_CLOEXEC) = 3</project/data/x>',
      '/project/data/x',
    ],
    ['a file through a link', '2 openat(AT_FDCWD</p>, "/lib/x", O_RDONLY) = 3</usr/lib/x>', '/usr/lib/x'],
    ['a file below an open folder', '2 openat(5</p>, "x", O_RDONLY) = 3</p/x>', '/p/x'],
    ['a file to read and write', '2 openat(AT_FDCWD</p>, "x", O_RDWR) = 3</p/x>', '/p/x'],
    ['the oldest call', '2 open("/p/x", O_RDONLY)              = 3</p/x>', '/p/x'],
    ['the newest call', '2 openat2(AT_FDCWD</p>, "x", {flags=O_RDONLY|O_PATH, resolve=0}, 24) = 3</p/x>', '/p/x'],
    ['a name that is not ASCII', '2 openat(AT_FDCWD</p>, "\\303\\251 \\"", O_RDONLY) = 3</p/\\303\\251 ">', '/p/é "'],
    ['a program', '2 execve("/p/x", ["x"], 0x1 /* 1 var */) = 0', '/p/x'],
    ['a program by its descriptor', '2 execveat(3</p/x>, "", ["x"], 0x1 /* 1 var */, AT_EMPTY_PATH) = 0', '/p/x'],
    ['a program below a folder', '2 execveat(3</p>, "x", ["x"], 0x1 /* 1 var */, 0) = 0', '/p/x'],
  ])('sees %s', (_, line, expected) => {
    expect(read(line).reads.at(-1)?.path).toBe(expected);
  });

  it('sees a call that another process interrupts, and one of a process that came later', () => {
    const { reads } = read(
      '2 openat(AT_FDCWD</p>, "x", O_RDONLY <unfinished ...>',
      '7 openat(AT_FDCWD</p>, "y", O_RDONLY) = 3</p/y>',
      '2 <... openat resumed>)              = 3</p/x>',
    );
    expect(reads.map(({ path }) => path)).toEqual(['/bin/sh', '/p/y', '/p/x']);
  });

  it('passes over what fails, what only writes, what sets up the sandbox, and what is no call', () => {
    const { reads, created } = read(
      '2 openat(AT_FDCWD</p>, "x", O_RDONLY) = -1 ENOENT (No such file or directory)',
      '2 openat(AT_FDCWD</p>, "y", O_WRONLY|O_CREAT|O_TRUNC, 0666) = 3</p/y>',
      '1 openat(AT_FDCWD</p>, "z", O_RDONLY) = 3</p/z>',
      '2 rename("/p/y", "/p/z") = 0',
      '2 renameat2(AT_FDCWD</p>, "not-mine", AT_FDCWD</p>, "input", 0) = 0',
      '2 mkdirat(AT_FDCWD</p>, "new", 0777) = 0',
      '--- SIGCHLD {si_signo=SIGCHLD} ---'.replace(/^/, '2 '),
      '2 +++ exited with 0 +++',
    );
    expect(reads.map(({ path }) => path)).toEqual(['/bin/sh']);
    expect([...created]).toEqual(['/p/y', '/p/z', '/p/new']);
  });

  it.each([
    ['a line of another shape', '2 something else'],
    ['a call without a result', '2 openat(AT_FDCWD</p>, "x", O_RDONLY'],
    ['a file whose path strace does not know', '2 openat(AT_FDCWD</p>, "x", O_RDONLY) = 3'],
    ['a file by a handle', '2 open_by_handle_at(3</p>, {handle_bytes=8}, O_RDONLY) = 4</p/x>'],
    ['a program by a descriptor without a path', '2 execveat(3, "", ["x"], 0x1 /* 1 var */, AT_EMPTY_PATH) = 0'],
  ])('does not pass over %s', (_, line) => {
    expect(() => read(line)).toThrow('not understood');
  });

  it('wants to see the program start', () => {
    expect(() => readTrace('1 execve("/usr/bin/bwrap", ["bwrap"], 0x1) = 0\n', '/bin/sh')).toThrow('was not started');
    expect(straceOptions.join(' ')).toContain('?openat2');
  });
});
