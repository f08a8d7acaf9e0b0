import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/errors.ts';
import { JsonReader } from '../../src/protocols/json/json-reader.ts';
import { jsonValue, wide } from './json-value.ts';

const refusal = (body: Uint8Array | string, limits = wide, options = {}): string | undefined => {
  try {
    jsonValue(body, limits, options);
    return undefined;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    // Nothing else than what the reader says: stepping over a value is as strict as reading it.
    expect(() => {
      const reader = new JsonReader(Buffer.from(body), limits, options);
      reader.skip();
      reader.end();
    }).toThrow(error.message);
    return error.code;
  }
};

describe('what is no JSON', () => {
  it.each([
    ['nothing', ''],
    ['blanks', ' \n'],
    ['a mark at its beginning', '\uFEFF{}'],
    ['text behind it', '{} {}'],
    ['a byte behind it', '{}\0'],
    ['a comma behind it', '{},'],
    ['a comment', '{/**/}'],
    ['a comma before the end of an array', '[1,]'],
    ['a comma before the end of an array, with a blank', '[1, ]'],
    ['a comma before the end of an object', '{"a":1,}'],
    ['two commas', '[1,,2]'],
    ['a comma first', '[,1]'],
    ['no comma', '[1 2]'],
    ['no colon', '{"a" 1}'],
    ['an open array', '[1'],
    ['an open array behind a comma', '[1,'],
    ['an open object', '{"a":1'],
    ['an open string', '"abc'],
    ['an open escape', '"\\'],
    ['an open unit', '"\\u12'],
    ['the wrong end', '[1}'],
    ['a key without quotes', '{a:1}'],
    ['a key in single quotes', "{'a':1}"],
    ['a number as key', '{1:1}'],
    ['a plus', '+1'],
    ['a leading zero', '01'],
    ['a leading zero behind a minus', '-01'],
    ['a leading zero with a fraction', '00.5'],
    ['no digit before the point', '.5'],
    ['no digit behind the point', '1.'],
    ['no digit behind the point, in an array', '[1.,2]'],
    ['no digit in the exponent', '1e'],
    ['no digit behind the sign of the exponent', '1e+'],
    ['a minus alone', '-'],
    ['hexadecimal', '0x10'],
    ['an underscore', '1_000'],
    ['a word behind a number', '1a'],
    ['NaN', 'NaN'],
    ['Infinity', 'Infinity'],
    ['-Infinity', '[-Infinity]'],
    ['beyond a double', '1e309'],
    ['beyond a double, in digits', `1${'0'.repeat(400)}`],
    ['half a word', 'tru'],
    ['a word and more', 'nullx'],
    ['a word in capitals', 'True'],
    ['a line break in a string', '"a\nb"'],
    ['U+0000 in a string', '"a\0b"'],
    ['an unknown escape', '"\\x41"'],
    ['half a surrogate pair, high', '"\\ud800"'],
    ['half a surrogate pair, low', '"\\udc00"'],
    ['a high half before a character', '"\\ud800\\u0041"'],
    ['two high halves', '"\\ud800\\ud800"'],
    ['half a surrogate pair in a key', '{"\\uD83D":1}'],
    ['U+0000 in a key, escaped', '{"a\\u0000":1}'],
    ['a key twice', '{"a":1,"a":1}'],
    ['a key twice, once escaped', '{"a":1,"\\u0061":1}'],
    ['a key twice, deeper', '{"x":[{"a":{},"b":1,"a":2}]}'],
    ['a key twice among many', `{${Array.from({ length: 40 }, (_, at) => `"k${at % 39}":0`).join(',')}}`],
    ['__proto__ twice', '{"__proto__":1,"__proto__":2}'],
  ])('%s', (_, body) => {
    expect(refusal(body)).toBe('HF_GATEWAY_MALFORMED');
  });

  it.each([
    ['a lone continuation byte', [0x80]],
    ['a lead byte alone', [0xc3]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['an overlong slash in three bytes', [0xe0, 0x80, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['beyond U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
    ['0xFE', [0xfe]],
  ])('no UTF-8: %s (table 3-7 of Unicode 16)', (_, bytes) => {
    expect(refusal(Buffer.from([0x22, ...bytes, 0x22]))).toBe('HF_GATEWAY_MALFORMED');
  });
});

describe('bounds, while reading', () => {
  it('of depth', () => {
    expect(refusal('[[[1]]]', { ...wide, depth: 3 })).toBeUndefined();
    expect(refusal('[[[[', { ...wide, depth: 3 })).toBe('HF_GATEWAY_TOO_LARGE');
    expect(refusal('['.repeat(100_000), { ...wide, depth: 1_000_000 })).toBe('HF_GATEWAY_TOO_LARGE');
    expect(refusal('{"a":'.repeat(100_000), { ...wide, depth: 1_000_000 })).toBe('HF_GATEWAY_TOO_LARGE');
  });

  it('of keys', () => {
    expect(refusal('{"a":1,"b":2}', { ...wide, count: 2 })).toBeUndefined();
    expect(refusal('{"a":1,"b":2,"c"', { ...wide, count: 2 })).toBe('HF_GATEWAY_TOO_LARGE');
  });

  it('of items', () => {
    expect(refusal('[1,2]', { ...wide, elements: 2 })).toBeUndefined();
    expect(refusal('[1,2,3', { ...wide, elements: 2 })).toBe('HF_GATEWAY_TOO_LARGE');
  });

  it('of keys and numbers in length', () => {
    expect(refusal(`{"${'k'.repeat(1024)}":1}`)).toBeUndefined();
    expect(refusal(`{"${'k'.repeat(1025)}":1}`)).toBe('HF_GATEWAY_TOO_LARGE');
    expect(refusal(`0.${'1'.repeat(1098)}`)).toBeUndefined();
    expect(refusal(`0.${'1'.repeat(1099)}`)).toBe('HF_GATEWAY_TOO_LARGE');
  });
});

describe('what is JSON', () => {
  it('is what JSON.parse says, whatever the blanks', () => {
    const spaces = fc.constantFrom(undefined, 1, '\t');
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary', maxDepth: 4 }), spaces, (json, space) => {
        const text = JSON.stringify(json, undefined, space);
        if (/"(?:[^"\\]|\\.)*\\u0000(?:[^"\\]|\\.)*":/.test(text)) return;
        expect(JSON.stringify(jsonValue(text))).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  it('is JSON for JSON.parse, too', () => {
    const pieces = fc.constantFrom(
      ...Array.from('[]{},:"\\u0123456789eE+-. \ntruefalsn'),
      'true',
      'null',
      '"a"',
      '"b":',
      '1.5',
      '\\ud83d\\ude00',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        let read: unknown;
        try {
          read = jsonValue(text);
        } catch (error) {
          expect(error).toBeInstanceOf(GatewayError);
          return;
        }
        expect(JSON.stringify(read)).toBe(JSON.stringify(JSON.parse(text)));
      }),
      { numRuns: 5000 },
    );
  });

  it('has __proto__ as a key like others', () => {
    const read = jsonValue('{"__proto__":{"isAdmin":true},"constructor":1}') as Record<string, unknown>;
    expect(Object.keys(read)).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
  });

  it('has texts of any length, in any script, with any escape', () => {
    for (const text of ['', 'a', 'ß', '𝛼β', 'x'.repeat(32), 'x'.repeat(33), '"\\/\b\f\n\r\t', '\u2028', '\uFFFF']) {
      expect(jsonValue(JSON.stringify(text))).toBe(text);
      expect(
        jsonValue(
          `"${Array.from(text)
            .map((c) =>
              [...Array(c.length).keys()]
                .map((at) => `\\u${c.charCodeAt(at).toString(16).padStart(4, '0').toUpperCase()}`)
                .join(''),
            )
            .join('')}"`,
        ),
      ).toBe(text);
    }
  });

  it('has texts that share a place among those that are kept', () => {
    for (let round = 0; round < 2; round += 1) {
      for (let at = 0; at < 5000; at += 1) expect(jsonValue(`"key-${at}"`)).toBe(`key-${at}`);
    }
  });

  it('may have the numbers that TensorFlow Serving writes', () => {
    const takesNonFinite = { takesNonFinite: true };
    expect(jsonValue('[NaN, Infinity,-Infinity,1]', wide, takesNonFinite)).toEqual([NaN, Infinity, -Infinity, 1]);
    for (const wrong of ['-NaN', 'nan', 'Inf', '+Infinity', 'NaNa', 'Infinit']) {
      expect(refusal(`[${wrong}]`, wide, takesNonFinite)).toBe('HF_GATEWAY_MALFORMED');
    }
  });
});

describe('a number', () => {
  const both = (text: string): readonly [number, number] => {
    const reader = new JsonReader(Buffer.from(`[${text}]`), wide);
    reader.openArray();
    const into = new Float64Array(4);
    const isPlain = reader.plainNumbers(into, false) === 1;
    const single = jsonValue(text) as number;
    return [isPlain ? (into[0] as number) : single, single];
  };

  it('is the double that the engine makes of it', () => {
    const digits = fc.string({ unit: fc.constantFrom(...Array.from('0123456789')), minLength: 1, maxLength: 24 });
    const number = fc
      .tuple(fc.boolean(), fc.bigInt(0n, 10n ** 20n), fc.option(digits), fc.option(fc.integer({ min: -330, max: 300 })))
      .map(([isNegative, whole, fraction, power]) =>
        [isNegative ? '-' : '', whole, fraction === null ? '' : `.${fraction}`, power === null ? '' : `e${power}`].join(
          '',
        ),
      )
      .filter((text) => Number.isFinite(Number(text)));
    fc.assert(
      fc.property(
        fc.oneof(
          number,
          fc.double({ noDefaultInfinity: true, noNaN: true }).map((value) => JSON.stringify(value)),
        ),
        (text) => {
          expect(both(text).map((value) => Object.is(value, Number(text)))).toEqual([true, true]);
        },
      ),
      { numRuns: 20_000 },
    );
  });

  it.each([
    ['between two doubles, to even, down', '9007199254740993', 9007199254740992],
    ['between two doubles, to even, up', '9007199254740995', 9007199254740996],
    ['just above the middle', '9007199254740993.0000001', 9007199254740994],
    ['the largest double', '1.7976931348623157e308', Number.MAX_VALUE],
    ['the smallest double', '5e-324', Number.MIN_VALUE],
    ['half of the smallest double', '2e-324', 0],
    ['minus zero', '-0', -0],
    ['minus zero with a fraction', '-0.0', -0],
    ['many zeros', '0.000000000000000001', 1e-18],
  ])('%s', (_, text, value) => {
    expect(both(text)).toEqual([value, value]);
  });
});
