import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { showable } from '../src/showable.ts';
import { labelled, wrap } from '../src/wrap.ts';

const words = fc.array(fc.stringMatching(/^[a-z.:,]{1,12}$/), { minLength: 1, maxLength: 40 });

describe('wrap', () => {
  test('keeps every word, in order, within the room', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 12, max: 80 }), (list, room) => {
        const lines = wrap(list.join(' '), room);
        expect(lines.join(' ')).toBe(list.join(' '));
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(room);
      }),
    );
  });

  test('does not break what is in backticks', () => {
    expect(wrap('run `holdfast key create NAME` and then go on', 20)).toEqual([
      'run',
      '`holdfast key create NAME`',
      'and then go on',
    ]);
  });

  test('further lines stand below the first', () => {
    expect(labelled('  name  ', 8, 'one '.repeat(30).trim())).toEqual([
      `  name  ${'one '.repeat(18).trim()}`,
      `        ${'one '.repeat(12).trim()}`,
    ]);
  });
});

describe('showable', () => {
  test('lets our own colours through on a terminal, and nothing in a pipe', () => {
    expect(showable('\u001b[32m✓\u001b[39m fine', true)).toBe('\u001b[32m✓\u001b[39m fine');
    expect(showable('\u001b[32m✓\u001b[39m fine', false)).toBe('✓ fine');
  });

  test.each([
    ['a cleared screen', 'a\u001b[2Jb', 'ab'],
    ['a title', 'a\u001b]0;owned\u0007b', 'ab'],
    ['a hidden text', 'a\u001b[8mb', 'ab'],
    ['a C1 control', 'a\u009b2Jb', 'ab'],
    ['a reordered line', 'a\u202eb', 'ab'],
    ['a line written over', 'a\rb', 'a\nb'],
  ])('takes out %s', (_name, text, shown) => {
    expect(showable(text, true)).toBe(shown);
  });

  test('whatever comes, no control but newline, tab and our colours is left', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        // ECMA-48: C0 without tab and newline, DEL, C1
        expect(showable(text, false)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/u);
        expect(showable(text, true).replaceAll(/\u001b\[(1|2|22|31|32|33|36|39)m/g, '')).not.toContain('\u001b');
      }),
    );
  });
});
