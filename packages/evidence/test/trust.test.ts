import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EvidenceError } from '../src/errors.ts';
import { isRole, roles } from '../src/roles.ts';
import { parseTrust } from '../src/trust.ts';
import { errorOf, expectCode } from './scene.ts';

const ledger = { origin: 'credit-risk.example', verifierKeys: ['credit-risk.example+00000000+AQ=='] };
const signer = { name: 'ann', publicKey: 'PEM', roles: ['approver'] };
const whole = { ledgers: [ledger], signers: [signer], witnesses: [] };
const parse = (value: unknown) => parseTrust(JSON.stringify(value), 'trust.json');

describe('a trust file', () => {
  test('is read', () => {
    expect(parse(whole)).toEqual(whole);
    expect(parse({ ledgers: [ledger], signers: [] })).toEqual({ ledgers: [ledger], signers: [], witnesses: [] });
    expect(parse({ $schema: 'x', ...whole }).$schema).toBe('x');
  });

  test.each<[string, unknown]>([
    ['null', null],
    ['a list', []],
    ['no ledgers', { signers: [] }],
    ['an empty list of ledgers', { ...whole, ledgers: [] }],
    ['no signers', { ledgers: [ledger] }],
    ['an unknown field', { ...whole, owners: [] }],
    ['an unknown field of a signer', { ...whole, signers: [{ ...signer, role: 'approver' }] }],
    ['an unknown role', { ...whole, signers: [{ ...signer, roles: ['king'] }] }],
    ['a role that is no list', { ...whole, signers: [{ ...signer, roles: 'approver' }] }],
    ['a signer without a name', { ...whole, signers: [{ ...signer, name: '' }] }],
    ['a key over 1 KB', { ...whole, signers: [{ ...signer, publicKey: 'x'.repeat(1025) }] }],
    ['a ledger without keys', { ...whole, ledgers: [{ ...ledger, verifierKeys: [] }] }],
    ['a ledger with nine keys', { ...whole, ledgers: [{ ...ledger, verifierKeys: Array<string>(9).fill('x') }] }],
    ...['', 'Credit.example', 'a/b', 'https://a.example', '-a', 'a.', 'a b', 'a\n', 'ä.example', 'a'.repeat(255)].map(
      (origin): [string, unknown] => [
        `the origin ${JSON.stringify(origin)}`,
        { ...whole, ledgers: [{ ...ledger, origin }] },
      ],
    ),
  ])('with %s is refused', async (_, value) => {
    await expectCode(() => parse(value), 'HF_TRUST_FORMAT');
  });

  test('that is no JSON, or over 1 MiB, is refused; the error says which file', async () => {
    const error = await errorOf(() => parseTrust('ledgers:', 'policy/trust.json'));
    expect(error).toMatchObject({ code: 'HF_TRUST_FORMAT', exit: 2, where: 'policy/trust.json' });
    await expectCode(() => parseTrust(' '.repeat(1024 * 1024 + 1)), 'HF_TRUST_FORMAT');
    await expectCode(() => parseTrust('['.repeat(100_000)), 'HF_TRUST_FORMAT');
    expect((await errorOf(() => parseTrust('{}'))).where).toBeUndefined();
  });

  test('that was mangled is refused or read, and nothing else', () => {
    const json = JSON.stringify(whole);
    const mutation = fc.tuple(fc.nat(json.length - 1), fc.string({ maxLength: 3 }), fc.nat(4));
    fc.assert(
      fc.property(mutation, ([at, inserted, removed]) => {
        try {
          parseTrust(json.slice(0, at) + inserted + json.slice(at + removed));
        } catch (error) {
          expect(error).toBeInstanceOf(EvidenceError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

test('roles are six, and no others', () => {
  expect(roles).toEqual(['authority', 'builder', 'checker', 'approver', 'witness', 'auditor']);
  expect([isRole('auditor'), isRole('Auditor'), isRole('toString')]).toEqual([true, false, false]);
});
