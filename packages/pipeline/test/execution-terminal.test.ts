import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sanitiseForTerminal, terminalSanitiser } from '../src/execution/terminal.ts';

/** ECMA-48 (5th edition, 1991) by clause, and xterm's control sequences; what must be left was written by hand. */
const vectors: readonly (readonly [string, string, string])[] = [
  ['plain text, tab and newline stay', 'a\tb\n', 'a\tb\n'],
  ['letters of other scripts stay', 'Grüße 数据 🙂', 'Grüße 数据 🙂'],
  ['5.4 control sequence: colour', '\x1b[1;31mred\x1b[0m', 'red'],
  ['5.4 with private parameters and intermediates', '\x1b[?25l\x1b[0 qx', 'x'],
  ['8.3.39 erase the screen and go home', 'ok\x1b[2J\x1b[Hfake', 'okfake'],
  ['8.3.89 OSC, ended by ST: window title', '\x1b]0;title\x1b\\x', 'x'],
  ['xterm: OSC ended by BEL', '\x1b]0;title\x07x', 'x'],
  ['xterm: OSC 52, the clipboard', '\x1b]52;c;cm0gLXJm\x07x', 'x'],
  ['OSC 8, a hyperlink', '\x1b]8;;http://evil.example\x1b\\text\x1b]8;;\x1b\\', 'text'],
  ['8.3.27 DCS', '\x1bPq#0;2;0;0;0\x1b\\x', 'x'],
  ['8.3.94 PM, 8.3.2 APC, 8.3.143 SOS', '\x1b^a\x1b\\\x1b_b\x1b\\\x1bXc\x1b\\x', 'x'],
  ['5.3 C1 controls in one letter', '\x9b31mred\x9d0;t\x9cx\x85y', 'redxy'],
  ['nF escape: character set', '\x1b(0x\x1b(B', 'x'],
  ['8.3.105 reset', '\x1bcx', 'x'],
  ['C0 controls but newline and tab', 'a\x00b\x07c\x08d\x0be\x0cf\x7fg', 'abcdefg'],
  ['a carriage return cannot overwrite', 'password: \rfake', 'password: \nfake'],
  ['CR LF is one newline', 'a\r\nb', 'a\nb'],
  ['a sequence ends with its line', 'a\x1b]0;never ended\nb', 'a\nb'],
  ['CAN aborts a sequence', '\x1b[31\x18x', 'x'],
  ['ESC inside a sequence begins another', '\x1b[3\x1b[1mx', 'x'],
  ['a string with an ESC that is not ST goes on', '\x1b]0;a\x1bb\x07x', 'x'],
  ['bidirectional overrides (CVE-2021-42574)', 'if \u202e\u2066admin\u2069', 'if admin'],
  ['zero-width and tag letters', 'a\u200bb\u{e0041}c\ufeff', 'abc'],
];

test.for(vectors)('%s', ([, input, shown]) => {
  expect(sanitiseForTerminal(input)).toBe(shown);
  expect(sanitiseForTerminal(Buffer.from(input))).toBe(shown);
});

test('invalid UTF-8 becomes the replacement letter', () => {
  expect(sanitiseForTerminal(Uint8Array.of(0x61, 0xff, 0x62, 0x9b, 0x63))).toBe('a\ufffdb\ufffdc');
});

test('cutting the bytes anywhere changes nothing', () => {
  const pieces = fc.array(fc.constantFrom(...vectors.map(([, input]) => input)), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(pieces, fc.array(fc.nat(400), { maxLength: 8 }), (inputs, cuts) => {
      const bytes = Buffer.from(inputs.join(''));
      const show = terminalSanitiser();
      const ends = [...cuts.map((cut) => cut % bytes.length).sort((a, b) => a - b), bytes.length];
      const shown = ends.map((end, index) => show(bytes.subarray(ends[index - 1] ?? 0, end))).join('');
      expect(shown).toBe(sanitiseForTerminal(bytes));
    }),
  );
});

test('whatever the bytes, nothing that a terminal obeys is left', () => {
  const alphabet = fc.constantFrom(
    '\x1b',
    '[',
    ']',
    '\x07',
    '\\',
    'm',
    '\r',
    '\n',
    '\x9b',
    '\x90',
    '0',
    ';',
    'a',
    '\u202e',
    '\x18',
  );
  const texts = fc.oneof(fc.string({ unit: alphabet, maxLength: 60 }), fc.string({ unit: 'binary', maxLength: 60 }));
  fc.assert(
    fc.property(texts, (text) => {
      const shown = sanitiseForTerminal(text);
      expect(shown.replaceAll(/[\n\t]/g, '')).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
      expect(stripVTControlCharacters(shown)).toBe(shown);
    }),
    { numRuns: 2000 },
  );
});
