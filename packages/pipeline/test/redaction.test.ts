import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Redactor, redacted } from '../src/execution/redaction.ts';
import { Secret } from '../src/execution/secrets.ts';

function secret(name: string, value: string | Uint8Array): Secret {
  return new Secret(name, 'variable', typeof value === 'string' ? Buffer.from(value) : value);
}

function redactParts(parts: readonly Uint8Array[], secrets: readonly Secret[]): Buffer {
  const redactor = new Redactor(secrets);
  const shown = parts.map((part) => {
    // the memory of a chunk is the caller's, who may use it again
    const lent = Uint8Array.from(part);
    const out = Uint8Array.from(redactor.write(lent));
    lent.fill(0x2a);
    return out;
  });
  return Buffer.concat([...shown, redactor.end()]);
}

function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const sorted = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end));
}

/**
 * The same by looking at every place for every value: what is covered is gone, stretches that overlap are one, and the
 * one that begins first, the longer of two, gives it its name. At the end of all, a beginning of six bytes counts, too.
 */
function naive(text: string, values: readonly (readonly [name: string, value: string])[]): string {
  const found: { start: number; end: number; name: string }[] = [];
  for (const [name, value] of values) {
    for (let start = text.indexOf(value); start !== -1; start = text.indexOf(value, start + 1)) {
      found.push({ start, end: start + value.length, name });
    }
  }
  const beginnings = values.flatMap(([name, value]) => {
    const lengths = Array.from({ length: value.length }, (_, length) => length);
    return lengths.filter((length) => text.endsWith(value.slice(0, length))).map((length) => ({ name, length }));
  });
  const longest = beginnings.reduce((best, other) => (other.length > best.length ? other : best), {
    name: '',
    length: 0,
  });
  if (longest.length >= 6) found.push({ start: text.length - longest.length, end: text.length, name: longest.name });
  found.sort((one, other) => one.start - other.start || other.end - one.end);
  let shown = '';
  let end = 0;
  for (const match of found) {
    if (match.start >= end) shown += `${text.slice(end, match.start)}[secret ${match.name}]`;
    end = Math.max(end, match.end);
  }
  return shown + text.slice(end);
}

describe('a stream without its secrets', () => {
  test('says what was there and what is not, wherever it is cut', () => {
    const text = 'Authorization: Bearer hf_KelpForest93\nok hf_KelpForest93hf_KelpForest93 hf_Kelp';
    const expected = 'Authorization: Bearer [secret TOKEN]\nok [secret TOKEN][secret TOKEN] [secret TOKEN]';
    for (let place = 0; place <= text.length; place++) {
      const parts = cut(Buffer.from(text), [place]);
      expect(redactParts(parts, [secret('TOKEN', 'hf_KelpForest93')]).toString()).toBe(expected);
    }
    const single = [...Buffer.from(text)].map((byte) => Uint8Array.of(byte));
    expect(redactParts(single, [secret('TOKEN', 'hf_KelpForest93')]).toString()).toBe(expected);
  });

  test.each([
    [
      'one begins as another',
      { A: 'kelp-forest', B: 'kelp-forest-deep' },
      'x kelp-forest-deep, kelp-forest-dee!',
      'x [secret B], [secret A]-dee!',
    ],
    [
      'one ends as another',
      { A: 'forest-deep', B: 'kelp-forest-deep' },
      'kelp-forest-deep forest-deep',
      '[secret B] [secret A]',
    ],
    ['one lies in another', { A: 'forest', B: 'kelp-forest-deep' }, 'kelp-forest-deep forest', '[secret B] [secret A]'],
    ['they overlap', { A: 'kelp-forest', B: 'forest-deep' }, '(kelp-forest-deep)', '([secret A])'],
    ['one overlaps itself', { A: 'abcabcabc' }, 'abcabcabcabcabc!', '[secret A]!'],
    ['a chain of them', { A: 'abcdefgh', B: 'efghijkl', C: 'ijklmnop' }, '<abcdefghijklmnop>', '<[secret A]>'],
    [
      'one holds a replacement',
      { A: 'x[secret B]y', B: 'kelp-forest' },
      'x[secret B]y xkelp-foresty',
      '[secret A] x[secret B]y',
    ],
    ['two are the same', { A: 'kelp-forest', B: 'kelp-forest' }, 'kelp-forest', '[secret A]'],
    ['white space around it is none of it', { A: ' \t kelp-forest\r\n' }, '(kelp-forest)', '([secret A])'],
  ] as const)('%s', (_, values, text, expected) => {
    const secrets = Object.entries(values).map(([name, value]) => secret(name, value));
    expect(redacted(text, secrets)).toBe(expected);
  });

  test('is binary-safe', () => {
    const value = Uint8Array.of(0, 255, 254, 10, 13, 0, 128, 27);
    const noise = Uint8Array.from({ length: 70_000 }, (_, index) => (index * 7) % 251);
    const out = redactParts([noise, value, noise], [secret('KEY', value)]);
    expect(out.equals(Buffer.concat([noise, Buffer.from('[secret KEY]'), noise]))).toBe(true);
  });

  test('without secrets it is the stream itself', () => {
    const chunk = Buffer.from('as it is');
    expect(new Redactor([]).write(chunk)).toBe(chunk);
  });

  test('holds back no more than what can still become one', () => {
    const redactor = new Redactor([secret('TOKEN', 'kelp-garden')]);
    const shown = ['one line\n', 'kel', 'p', 'only\n', 'x kelp-garde', 'n\n'].map((text) =>
      Buffer.from(redactor.write(Buffer.from(text))).toString(),
    );
    expect(shown).toEqual(['one line\n', '', '', 'kelponly\n', 'x ', '[secret TOKEN]\n']);
  });

  test('an occurrence that never ends is told of while it lasts, and not kept', () => {
    const redactor = new Redactor([secret('A', 'abcdabcdabcd')]);
    const endless = Buffer.from('abcd'.repeat(25_000));
    const first = redactor.write(endless);
    expect(Buffer.from(first).toString()).toBe('[secret A]');
    for (let round = 0; round < 20; round++) expect(redactor.write(endless).length).toBe(0);
    expect(Buffer.concat([redactor.write(Buffer.from('. over')), redactor.end()]).toString()).toBe('. over');
  });

  test('lines of 1 MiB with a secret every here and there', () => {
    const filler = 'kelp-fores'.repeat(100_000);
    const parts = cut(
      Buffer.from(`${filler}kelp-forest${filler}\n${filler}kelp-forest`),
      [1, 65_536, 999_999, 1_000_005],
    );
    expect(redactParts(parts, [secret('A', 'kelp-forest')]).toString()).toBe(
      `${filler}[secret A]${filler}\n${filler}[secret A]`,
    );
  });

  test('with any values in any text, cut anywhere, it is what looking at every place gives', () => {
    const letters = fc.constantFrom('a', 'b', 'c');
    const value = fc.string({ unit: letters, minLength: 6, maxLength: 12 });
    const values = fc.array(value, { minLength: 1, maxLength: 5 });
    const scenes = values.chain((all) => {
      const piece = fc.oneof(
        { weight: 3, arbitrary: fc.string({ unit: letters, maxLength: 9 }) },
        { weight: 2, arbitrary: fc.constantFrom(...all) },
        { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...all), fc.nat(12)).map(([whole, n]) => whole.slice(0, n)) },
        { weight: 1, arbitrary: fc.constantFrom('-', '\n', 'é') },
      );
      return fc.record({
        values: fc.constant(all),
        text: fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
        places: fc.array(fc.nat(200), { maxLength: 12 }),
      });
    });
    fc.assert(
      fc.property(scenes, ({ values: all, text, places }) => {
        const named = all.map((each, index) => [`S${index}`, each] as const);
        const secrets = named.map(([name, each]) => secret(name, each));
        const shown = redactParts(cut(Buffer.from(text), places), secrets).toString();
        expect(shown).toBe(naive(text, named));
      }),
      { numRuns: 3000 },
    );
  });
});

describe('written in another way', () => {
  const value = `it's/50% "off" & <more>\\n+é~!`;

  /** Recorded from Python 3.11.7, Go 1.26.8, Node.js 24.21.0 and GNU bash 5.2.15; PHP, XML and the last one by their rules. */
  test.each([
    ['json.dumps of Python', String.raw`it's/50% \"off\" & <more>\\n+\u00e9~!`],
    ['json_encode of PHP', String.raw`it's\/50% \"off\" & <more>\\n+\u00e9~!`],
    ['json.Marshal of Go', String.raw`it's/50% \"off\" \u0026 \u003cmore\u003e\\n+é~!`],
    ['JSON in JSON', String.raw`it's/50% \\\"off\\\" & <more>\\\\n+é~!`],
    ['repr of Python', String.raw`it\'s/50% "off" & <more>\\n+é~!`],
    ['shlex.quote of Python', `it'"'"'s/50% "off" & <more>\\n+é~!`],
    ['set -x of bash', `it'\\''s/50% "off" & <more>\\n+é~!`],
    ['urllib.parse.quote', 'it%27s/50%25%20%22off%22%20%26%20%3Cmore%3E%5Cn%2B%C3%A9~%21'],
    ['urllib.parse.quote_plus', 'it%27s%2F50%25+%22off%22+%26+%3Cmore%3E%5Cn%2B%C3%A9~%21'],
    ['encodeURIComponent', "it's%2F50%25%20%22off%22%20%26%20%3Cmore%3E%5Cn%2B%C3%A9~!"],
    ['encodeURI', "it's/50%25%20%22off%22%20&%20%3Cmore%3E%5Cn+%C3%A9~!"],
    ['URLSearchParams', 'it%27s%2F50%25+%22off%22+%26+%3Cmore%3E%5Cn%2B%C3%A9%7E%21'],
    ['url.PathEscape of Go', 'it%27s%2F50%25%20%22off%22%20&%20%3Cmore%3E%5Cn+%C3%A9~%21'],
    ['printf %q of bash', String.raw`it\'s/50%\ \"off\"\ \&\ \<more\>\\n+é~\!`],
    ['lower-case percent-encoding', 'it%27s%2f50%25%20%22off%22%20%26%20%3cmore%3e%5cn%2b%c3%a9~%21'],
    ['html.escape of Python', 'it&#x27;s/50% &quot;off&quot; &amp; &lt;more&gt;\\n+é~!'],
    ['html.EscapeString of Go', 'it&#39;s/50% &#34;off&#34; &amp; &lt;more&gt;\\n+é~!'],
    ['XML', 'it&apos;s/50% &quot;off&quot; &amp; &lt;more&gt;\\n+é~!'],
  ])('%s', (_, written) => {
    expect(redacted(`before ${written} after`, [secret('S', value)])).toBe('before [secret S] after');
  });

  const token = 'hf_KelpForest93';
  test.each([
    // printf %s hf_KelpForest93 | base64, coreutils 9.1
    ['base64', 'aGZfS2VscEZvcmVzdDkz', '[secret T]'],
    // printf 'user:%s' hf_KelpForest93 | base64: the `:` shares a character with the `h`
    ['base64 behind something', 'dXNlcjpoZl9LZWxwRm9yZXN0OTM=', 'dXNlcjp[secret T]'],
    // printf 'x:%s' hf_KelpForest93 | base64
    ['base64 two bytes behind', 'eDpoZl9LZWxwRm9yZXN0OTM=', 'eDp[secret T]'],
    // echo hf_KelpForest93 | base64 -w 7
    ['base64 in lines of 7', 'aGZfS2V\nscEZvcm\nVzdDkzC\ng==\n', '[secret T]C\ng==\n'],
    // printf %s hf_KelpForest93 | xxd -p
    ['hexadecimal', '68665f4b656c70466f726573743933', '[secret T]'],
    // printf %s hf_KelpForest93 | od -An -tx1
    ['od', ' 68 66 5f 4b 65 6c 70 46 6f 72 65 73 74 39 33\n', ' [secret T]\n'],
    ['upper case with colons', '68:66:5F:4B:65:6C:70:46:6F:72:65:73:74:39:33', '[secret T]'],
    ['too far apart to be one', `aGZfS2Vsc${'\n'.repeat(65)}EZvcmVzdDkz`, `aGZfS2Vsc${'\n'.repeat(65)}EZvcmVzdDkz`],
  ])('%s', (_, written, expected) => {
    expect(redacted(written, [secret('T', token)])).toBe(expected);
  });

  test('base64 of any text around any value, in lines of any width: nothing but the text around it is left', () => {
    const bytes = fc.uint8Array({ minLength: 6, maxLength: 60 });
    const around = fc.uint8Array({ maxLength: 40 });
    const scene = fc.tuple(around, bytes, around, fc.integer({ min: 1, max: 90 }), fc.boolean());
    fc.assert(
      fc.property(scene, ([before, inner, after, width, isUrl]) => {
        const held = secret('S', inner);
        fc.pre(Buffer.from(held.value).equals(inner));
        const form = Buffer.concat([before, inner, after]).toString(isUrl ? 'base64url' : 'base64');
        const wrapped = form.replaceAll(new RegExp(`.{${width}}`, 'g'), '$&\r\n');
        const shown = redacted(wrapped, [held]).replaceAll(/\s/g, '');
        const [left = '', right = '', ...more] = shown.split('[secretS]');
        // a value that the text around it repeats is taken out there as well
        fc.pre(more.length === 0);
        expect(shown).toContain('[secretS]');
        expect(left.length).toBeLessThanOrEqual(Math.ceil((before.length * 8) / 6));
        expect(right.length).toBeLessThanOrEqual(Math.ceil((after.length * 8) / 6) + 2);
        expect(Buffer.from(left, 'base64').length).toBeLessThanOrEqual(before.length);
      }),
      { numRuns: 1000 },
    );
  });

  test('a key in PEM: whole, line by line, indented, and as it stands in JSON', () => {
    const lines = [
      'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgkelpforest000001',
      'holdfastKelpForestHoldfast',
      'fast==',
    ];
    const pem = ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----', ''].join('\n');
    const secrets = [secret('KEY', pem)];
    expect(redacted(`(${pem})`, secrets)).toBe('([secret KEY]\n)');
    expect(redacted(JSON.stringify({ pem }), secrets)).toBe(String.raw`{"pem":"[secret KEY]\n"}`);
    expect(redacted(pem.replaceAll('\n', '\r\n'), secrets)).toBe('[secret KEY]\r\n');
    const indented = pem.replaceAll(/^/gm, '  > ');
    expect(redacted(indented, secrets)).toBe(
      '  > -----BEGIN PRIVATE KEY-----\n  > [secret KEY]\n  > [secret KEY]\n  > fast==\n  > -----END PRIVATE KEY-----\n  > ',
    );
    const wrapped = Buffer.from(pem).toString('base64').replaceAll(/.{76}/g, '$&\n');
    expect(redacted(wrapped, secrets)).toMatch(/^\[secret KEY\].{0,4}$/s);
  });
});
