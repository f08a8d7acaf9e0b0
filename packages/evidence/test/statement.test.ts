import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EvidenceError } from '../src/errors.ts';
import { artifactId, sameDigests, statementPayloadType } from '../src/statement.ts';
import { parseStatement } from '../src/verify/statement.ts';
import { expectCode } from './scene.ts';

const sha256 = 'ab'.repeat(32);
const whole = {
  _type: 'https://in-toto.io/Statement/v1',
  subject: [{ name: 'model.onnx', digest: { sha256 } }],
  predicateType: 'https://example.com/x/v1',
  predicate: { any: 'thing' },
};
const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const parse = (value: unknown) => parseStatement(statementPayloadType, encode(value));

/** `{"a":{"a":…}}`, so many levels of it. */
const nested = (levels: number): unknown => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);

describe('statement', () => {
  test('is read', () => {
    expect(parse(whole)).toEqual(whole);
    expect(parse({ ...whole, predicate: undefined })).toEqual({ ...whole, predicate: undefined });
    expect(parse({ ...whole, subject: [{ digest: { sha256 } }] }).subject).toEqual([{ digest: { sha256 } }]);
    expect(parse({ ...whole, predicate: nested(63) }).predicate).toEqual(nested(63));
  });

  test.each<[string, unknown]>([
    ['an array', [whole]],
    ['null', null],
    ['text', 'statement'],
    ['Statement v0.1', { ...whole, _type: 'https://in-toto.io/Statement/v0.1' }],
    ['no type', { ...whole, _type: undefined }],
    ['no subject', { ...whole, subject: [] }],
    ['a subject that is no list', { ...whole, subject: { 0: whole.subject[0] } }],
    ['a subject that is null', { ...whole, subject: [null] }],
    ['a subject without a digest', { ...whole, subject: [{ name: 'model.onnx' }] }],
    ['a subject with an empty digest set', { ...whole, subject: [{ name: 'model.onnx', digest: {} }] }],
    ['a digest that is no text', { ...whole, subject: [{ digest: { sha256: 1 } }] }],
    ['a digest in capitals', { ...whole, subject: [{ digest: { sha256: sha256.toUpperCase() } }] }],
    ['a digest that is no hex', { ...whole, subject: [{ digest: { sha256: 'xy'.repeat(32) } }] }],
    ['a digest with a newline', { ...whole, subject: [{ digest: { sha256: `${sha256}\n` } }] }],
    ['a digest that is too short', { ...whole, subject: [{ digest: { md5: 'ab'.repeat(15) } }] }],
    ['a digest that is too long', { ...whole, subject: [{ digest: { sha256: 'ab'.repeat(129) } }] }],
    ['a digest set that is a list', { ...whole, subject: [{ digest: [sha256] }] }],
    ['an algorithm name of 65 letters', { ...whole, subject: [{ digest: { ['a'.repeat(65)]: sha256 } }] }],
    [
      '17 digests',
      {
        ...whole,
        subject: [{ digest: Object.fromEntries(Array.from({ length: 17 }, (_, at) => [`a${at}`, sha256])) }],
      },
    ],
    ['a name that is no text', { ...whole, subject: [{ name: 1, digest: { sha256 } }] }],
    ['a name of 4097 letters', { ...whole, subject: [{ name: 'a'.repeat(4097), digest: { sha256 } }] }],
    ['a second subject that is malformed', { ...whole, subject: [whole.subject[0], {}] }],
    ['100,001 subjects', { ...whole, subject: Array(100_001).fill(whole.subject[0]) }],
    ['no predicate type', { ...whole, predicateType: undefined }],
    ['a predicate type that is no text', { ...whole, predicateType: 7 }],
    ['a predicate type of 513 letters', { ...whole, predicateType: 'x'.repeat(513) }],
    ['65 levels', { ...whole, predicate: nested(64) }],
    ['1,001 levels', { ...whole, predicate: nested(1000) }],
  ])('with %s is refused', async (_, value) => {
    await expectCode(() => parse(value), 'HF_STATEMENT_FORMAT');
  });

  test.each([
    ['another payload type', 'application/json', encode(whole)],
    ['a payload type with a parameter', `${statementPayloadType}; charset=utf-8`, encode(whole)],
    ['nothing', statementPayloadType, new Uint8Array()],
    ['half of it', statementPayloadType, encode(whole).subarray(0, 50)],
    ['text behind it', statementPayloadType, Buffer.concat([encode(whole), Buffer.from('x')])],
    ['bytes that are not UTF-8', statementPayloadType, Buffer.from('{"_type":"\xff"}', 'latin1')],
    ['UTF-16', statementPayloadType, Buffer.from(JSON.stringify(whole), 'utf16le')],
  ])('in %s is refused', async (_, type, payload) => {
    await expectCode(() => parseStatement(type, payload), 'HF_STATEMENT_FORMAT');
  });

  test('of a million open brackets is refused, not overflowed', async () => {
    const payload = new TextEncoder().encode('['.repeat(1_000_000));
    await expectCode(() => parseStatement(statementPayloadType, payload), 'HF_STATEMENT_FORMAT');
  });

  test('that was mangled is refused or read, and nothing else', () => {
    const original = encode(whole);
    const mutation = fc.tuple(fc.nat(original.length - 1), fc.uint8Array({ maxLength: 3 }), fc.nat(3));
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
        let bytes = Buffer.from(original);
        for (const [at, inserted, removed] of mutations) {
          bytes = Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at + removed)]);
        }
        try {
          expect(parseStatement(statementPayloadType, bytes).subject.length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(EvidenceError);
        }
      }),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (subject, predicateType, predicate) => {
        try {
          parse({ ...whole, subject, predicateType, predicate });
        } catch (error) {
          expect(error).toBeInstanceOf(EvidenceError);
        }
      }),
    );
  });
});

describe('digest sets', () => {
  test.each([
    [{ sha256 }, { sha256 }, true],
    [{ sha256, dirHash: sha256 }, { dirHash: sha256, sha256 }, true],
    [{ sha256 }, { sha256: 'cd'.repeat(32) }, false],
    [{ sha256, dirHash: sha256 }, { sha256 }, false],
    [{ sha256 }, { sha256, dirHash: sha256 }, false],
    [{ sha256 }, { sha512: sha256 }, false],
    [{}, {}, false],
  ])('%j and %j are the same: %j', (a, b, same) => {
    expect(sameDigests(a, b)).toBe(same);
  });

  test('name an artifact by what commits to its names', () => {
    expect(artifactId({ sha256 })).toBe(`sha256:${sha256}`);
    expect(artifactId({ sha256, dirHash: 'cd' })).toBe('dirHash:cd');
  });
});
