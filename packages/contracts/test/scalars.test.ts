import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duration } from '../src/duration.ts';
import { hostName, name, projectPath, sha256 } from '../src/scalars.ts';
import { size } from '../src/size.ts';

describe('durations', () => {
  it.each([
    ['1s', 1_000],
    ['30m', 1_800_000],
    ['12h', 43_200_000],
    ['30d', 2_592_000_000],
    ['2w', 1_209_600_000],
    ['2y', 63_072_000_000],
    ['100y', 3_153_600_000_000],
  ])('%s is %d ms', (text, milliseconds) => {
    expect(duration.parse(text)).toBe(milliseconds);
  });

  it.each([
    '',
    '0d',
    '01d',
    '1',
    'd',
    '1.5h',
    '-1d',
    '1 d',
    '1D',
    '1mo',
    '1h30m',
    '101y',
    '9999999999y',
    '1d\n',
    '١d',
    30,
  ])('refuses %j', (text) => {
    expect(duration.safeParse(text).success).toBe(false);
  });

  it('grows with the number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.constantFrom('s', 'm', 'h', 'd'), (count, unit) => {
        expect(duration.parse(`${count + 1}${unit}`) - duration.parse(`${count}${unit}`)).toBe(
          duration.parse(`1${unit}`),
        );
      }),
    );
  });
});

describe('sizes', () => {
  it.each([
    ['1B', 1],
    ['1kB', 1_000],
    ['1KiB', 1_024],
    ['512MiB', 536_870_912],
    ['4GiB', 4_294_967_296],
    ['4GB', 4_000_000_000],
    ['1024TiB', 1_125_899_906_842_624],
  ])('%s is %d bytes', (text, bytes) => {
    expect(size.parse(text)).toBe(bytes);
  });

  it.each(['', '0B', '4G', '4gib', '4 GiB', '1.5GiB', '-1B', '1025TiB', '9999999999999999TiB', 4096])(
    'refuses %j',
    (text) => {
      expect(size.safeParse(text).success).toBe(false);
    },
  );
});

describe('paths', () => {
  it.each([
    ['train.py', 'train.py'],
    ['./build//model/', 'build/model'],
    ['a/./b', 'a/b'],
    ['..a/b..', '..a/b..'],
    ['données/été.csv', 'données/été.csv'],
  ])('%s is %s', (text, path) => {
    expect(projectPath.parse(text)).toBe(path);
  });

  it.each([
    '',
    '.',
    './',
    '..',
    '../x',
    'a/../b',
    'a/..',
    '/etc/passwd',
    '//host/share',
    'C:/x',
    'c:x',
    'a\\b',
    'a\0b',
    'a\nb',
    'a\u202eb',
    'a\ud800b',
    '.holdfast/keys/me',
    './.HoldFast/x',
    'x'.repeat(1025),
  ])('refuses %j', (text) => {
    expect(projectPath.safeParse(text).success).toBe(false);
  });

  it('never lets a path out, and has one spelling for each', () => {
    const part = fc.constantFrom('.', '..', '', 'a', 'b.c', '.holdfast', '...', ' ');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const parsed = projectPath.safeParse(parts.join('/'));
        // Resolved another way: by the URL standard's own path resolution below a marked root.
        const resolved = new URL(parts.join('/').replaceAll(' ', '%20'), 'http://h/root/').pathname;
        if (!parsed.success) return;
        expect(resolved.startsWith('/root/')).toBe(true);
        expect(projectPath.parse(parsed.data)).toBe(parsed.data);
        expect(parsed.data.split('/').every((segment) => !['', '.', '..'].includes(segment))).toBe(true);
      }),
    );
  });
});

describe('names, digests and hosts', () => {
  it.each(['a', '0', 'credit-risk', 'data.pii', 'a_b', 'a'.repeat(64)])('%s is a name', (text) => {
    expect(name.parse(text)).toBe(text);
  });
  it.each(['', 'A', '-a', '.a', 'a b', 'a/b', 'ä', 'a\n', 'a'.repeat(65), '__proto__'])('%j is not a name', (text) => {
    expect(name.safeParse(text).success).toBe(false);
  });
  it('wants 64 lower-case hexadecimal digits', () => {
    expect(sha256.safeParse('0f'.repeat(32)).success).toBe(true);
    for (const text of ['0F'.repeat(32), '0f'.repeat(31), '0g'.repeat(32), `${'0f'.repeat(32)}\n`]) {
      expect(sha256.safeParse(text).success).toBe(false);
    }
  });
  it.each(['credit-risk.example', 'localhost', '3com.example', 'xn--bcher-kva.example'])(
    '%s is a bare host',
    (text) => {
      expect(hostName.parse(text)).toBe(text);
    },
  );
  it.each([
    'https://a.example',
    'a.example/x',
    'a.example:443',
    'A.example',
    'a..example',
    '-a.example',
    'a-.example',
    '127.0.0.1',
    '[::1]',
    'a.example.',
    `${'a'.repeat(64)}.example`,
    `${'a.'.repeat(127)}aa`,
    '',
  ])('%j is not a bare host', (text) => {
    expect(hostName.safeParse(text).success).toBe(false);
  });
});
