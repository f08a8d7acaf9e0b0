import { describe, expect, test } from 'vitest';
import { bytesOf, rulesOf, scanned } from './scene.ts';

/** Pickles that reach `os.system` or the like, by every way that `pickletools` describes; none may pass, all fail. */
const harmful: Readonly<Record<string, Uint8Array>> = {
  'GLOBAL and REDUCE': bytesOf("cos\nsystem\n(S'id'\ntR."),
  'GLOBAL of Python 2': bytesOf("c__builtin__\neval\n(S'1'\ntR."),
  'a module that Python 3 names otherwise': bytesOf("ccommands\ngetoutput\n(S'id'\ntR."),
  INST: bytesOf("(S'id'\nios\nsystem\n."),
  OBJ: bytesOf("(cos\nsystem\nS'id'\no."),
  STACK_GLOBAL: bytesOf('\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x02id\x85R.'),
  'STACK_GLOBAL out of the memo': bytesOf(
    '\x80\x04\x8c\x02os\x94\x8c\x06system\x940' + 'h\x00h\x01\x93\x8c\x02id\x85R.',
  ),
  'a dotted name of protocol 4': bytesOf('\x80\x04\x8c\x06random\x8c\x0a_os.system\x93\x8c\x02id\x85R.'),
  NEWOBJ: bytesOf('\x80\x02csubprocess\nPopen\nX\x02\0\0\0id\x85\x81.'),
  NEWOBJ_EX: bytesOf('\x80\x04csubprocess\nPopen\n\x8c\x02id\x85}\x92.'),
  'a name only, without a call': bytesOf('cos\nsystem\n.'),
  'before it breaks': bytesOf("cos\nsystem\n(S'id'\ntR\xff"),
  'before it ends without STOP': bytesOf("cos\nsystem\n(S'id'\ntR"),
  'a line that the file ends in': bytesOf('\x80\x02K\x01cos\nsystemx'),
  'behind data': bytesOf("]K\x01a0cos\nsystem\n(S'id'\ntR."),
  'the second pickle of a file': bytesOf("\x80\x02N.\x80\x02cos\nsystem\n(S'id'\ntR."),
  'a frame that ends too late': bytesOf('\x80\x04\x95\xff\0\0\0\0\0\0\0cos\nsystem\n\x8c\x02id\x85R.'),
  'what fails across the end of its frame': bytesOf(
    ...['\x80\x04\x95\x14\0\0\0\0\0\0\0I', 'x'.repeat(40), '\n', 'N'.repeat(80), '.'],
  ),
  'in bytes': bytesOf('\x80\x03C\x14', "cos\nsystem\n(S'id'\ntR", '.'),
  'an argument list that is no tuple': bytesOf("cos\nsystem\n]S'id'\naR."),
};

describe('must fail', () => {
  test.each(Object.entries(harmful))('%s', async (_, bytes) => {
    const part = await scanned(bytes);
    expect(part.verdict, JSON.stringify([part.findings, part.left])).toBe('fail');
  });
});

/** Pickles that CPython refuses, or that mean something else to each loader; none may pass. */
const unclear: Readonly<Record<string, Uint8Array>> = {
  'no STOP': bytesOf('\x80\x02K\x01'),
  'protocol 6': bytesOf('\x80\x06N.'),
  'GET of what was never put': bytesOf('\x80\x02h\x05.'),
  'an empty stack': bytesOf('\x80\x02.'),
  'no mark': bytesOf('\x80\x02K\x01t.'),
  'an extension code': bytesOf('\x80\x02\x82\x01.'),
  'a persistent id': bytesOf('\x80\x02K\x01Q.'),
  'a buffer from elsewhere': bytesOf('\x80\x05\x97.'),
  'an int in octal': bytesOf('\x80\x02I010\n.'),
  'a text that is not UTF-8': bytesOf('\x80\x04\x8c\x02\xff\xfe.'),
  'a key that cannot be one': bytesOf('\x80\x02}]K\x01s.'),
  'a key without a value': bytesOf('\x80\x02}(K\x01u.'),
  'bytes behind STOP': bytesOf('\x80\x02N.\x00\x01'),
  'a frame within a frame': bytesOf('\x80\x04\x95\x0b\0\0\0\0\0\0\0\x95\x02\0\0\0\0\0\0\0N.'),
  'a callable that nobody knows': bytesOf('\x80\x02cnobody\nknows\n)R.'),
  'a name that is computed': bytesOf('\x80\x04cnobody\nknows\n)R\x8c\x01a\x93.'),
  'a memo beyond all bounds': bytesOf('\x80\x02Nr\xff\xff\xff\xff.'),
  'a length beyond the file': bytesOf('\x80\x04\x8e\xff\xff\xff\xff\xff\xff\0\0a.'),
};

describe('must not pass', () => {
  test.each(Object.entries(unclear))('%s', async (_, bytes) => {
    const { verdict } = await scanned(bytes);
    expect(['unknown', 'fail']).toContain(verdict);
  });
});

test('the trail leads to the call', async () => {
  const part = await scanned(bytesOf('cposix\nsystem\nq\x0eX\x02\0\0\0id\x85R.'));
  const [finding] = part.findings;
  expect(finding).toMatchObject({ rule: 'scan.pickle.process', at: 24, verdict: 'fail' });
  expect(finding?.trail?.map(({ operation, at }) => [operation, at])).toEqual([
    ['GLOBAL', 0],
    ['memo', 0],
    ['REDUCE', 24],
  ]);
  expect(finding?.trail?.at(-1)?.text).toBe('posix.system("id")');
});

test.each([
  'import os\nos.system("id")\n',
  'class Foo:\n  pass\n',
  '{"a": 1}',
  'Python is a language.\nIt is.\n',
  '(a list)\n',
  'config\n\nmore text follows here\n',
])('text is no pickle: %j', async (text) => {
  expect((await scanned(Buffer.from(text), 'notes.txt')).format).not.toBe('pickle');
});

test('many findings of the same thing are told once or a few times', async () => {
  const part = await scanned(bytesOf('\x80\x02', "cos\nsystem\n(S'id'\ntR0".repeat(5000), 'N.'));
  expect(rulesOf(part).length).toBeLessThan(10);
  expect(part.verdict).toBe('fail');
});

/** Texts that CPython 3.11.7 unpickles by `pickle.py`, or by both its loaders: what comes first is no reason to stop. */
const texts: Readonly<Record<string, string>> = {
  'a line of more than a mebibyte': `V${'a'.repeat(2 ** 20 + 10)}\n0`,
  'a number of the memo beyond what is kept': 'Np99999999\n0',
  'an int of very many digits': `L0x${'f'.repeat(70_000)}\n0`,
  'a state of nothing': 'N(N}tb0',
};

describe('text that is unpickled is a pickle', () => {
  test.each(Object.entries(texts))('behind %s', async (_, before) => {
    const part = await scanned(bytesOf(before, "cos\nsystem\n(S'id'\ntR."), 'notes.txt');
    expect([part.format, part.verdict]).toEqual(['pickle', 'fail']);
  });
});

test.each(['cat\ndog\n', 'cat\ndog\nbird\nfish\n', 'class\nname\n2\n', 'ice\ncream\n', '1\n2\n', 'cos\nsin\ntan\n'])(
  'lines of text are no pickle because two of them could be a name: %j',
  async (lines) => {
    const part = await scanned(Buffer.from(lines), 'labels.txt');
    expect([part.format, part.verdict]).toEqual(['text', 'pass']);
  },
);

test('an int of very many bytes is not the one that its first bytes are', async () => {
  const int = Buffer.alloc(2 ** 15);
  int[0] = 1;
  int[int.length - 1] = 1;
  const device = (index: Uint8Array): Uint8Array =>
    bytesOf('\x80\x04\x8c\x05torch\x8c\x06device\x93\x8c\x04cuda', index, '\x86R.');
  expect((await scanned(device(bytesOf('K\x01')))).verdict).toBe('pass');
  expect((await scanned(device(bytesOf([0x8b, 0, 0x80, 0, 0], int)))).verdict).toBe('unknown');
});

test('a list that the machine had to let go of is not taken for the empty one that has its place', async () => {
  const many = ']0'.repeat(600_000);
  const call = (list: string) => scanned(bytesOf(`\x80\x04${list}ccollections\nOrderedDict\nh\x00\x85R.`));
  const [empty, full] = [await call(`]\x940${many}`), await call(`]\x94(K\x01K\x02e${many}0${many}`)];
  expect([empty.verdict, full.verdict]).toEqual(['unknown', 'unknown']);
  expect((await call(']\x940')).verdict).toBe('pass');
});
