import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Authoriser, type Invoked } from '@holdfast/gateway/callers/authorise';
import type { Caller } from '@holdfast/gateway/callers/caller';
import { temporaryFolder } from '@holdfast/testkit';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';

const standing = { withdrawn: false, ancestorWithdrawn: false, setAside: false, suspect: false };
const admitted: Invoked = { artifact: 'sha256:3f9a', facts: { kind: 'model', standing } };
const served = { model: 'credit', environment: 'production' };
const caller = (rest: Partial<Caller> = {}): Caller => ({
  id: 'key:ci',
  name: 'ci',
  roles: ['caller'],
  tenant: 'bank',
  ...rest,
});

async function opened(text?: string, most = 1000) {
  const told: string[] = [];
  const path = join(temporaryFolder(), 'invoke.cedar');
  if (text !== undefined) writeFileSync(path, text);
  const asked = { knownChecks: ['scan'], most, ...(text === undefined ? {} : { path }) };
  const authoriser = await Authoriser.open(asked, {
    loaded: (digest) => told.push(digest),
    unusable: (error) => told.push((error as { code: string }).code),
  });
  onTestFinished(() => {
    authoriser.close();
  });
  return { authoriser, path, told };
}

const permitWhen = (condition: string): string =>
  `@id("own") permit (principal, action == Holdfast::Action::"invoke", resource) when { ${condition} };`;

describe('without a policy of its own', () => {
  test.each<[string, Partial<Caller>, boolean]>([
    ['a caller', {}, true],
    ['nobody in particular', { roles: [] }, false],
    ['whose key is for the model', { roles: [], scopes: ['credit'] }, true],
    ['a caller whose key is for another', { scopes: ['fraud'] }, false],
    ['a caller whose key is for none', { scopes: [] }, false],
    ['a builder', { roles: ['builder'] }, false],
  ])('the project lets %s: %o (%s)', async (_, rest, isYes) => {
    const { authoriser } = await opened();
    for (const again of [caller(rest), caller(rest)]) expect(authoriser.authorise(again, served, admitted)).toBe(isYes);
  });

  test('nobody asks what is withdrawn, or of unknown standing', async () => {
    const { authoriser } = await opened();
    expect(authoriser.authorise(caller(), served, admitted)).toBe(true);
    for (const facts of [{ kind: 'model' }, { kind: 'model', standing: { ...standing, withdrawn: true } }]) {
      expect(authoriser.authorise(caller(), served, { ...admitted, facts })).toBe(false);
    }
    expect(authoriser.authorise(caller(), served, { ...admitted, artifact: '' })).toBe(false);
  });
});

describe('a policy of the project', () => {
  test('decides alone, but for what a key is for', async () => {
    const { authoriser } = await opened(permitWhen('principal.name == "ci"'));
    expect(authoriser.authorise(caller({ roles: [] }), served, admitted)).toBe(true);
    expect(authoriser.authorise(caller({ name: 'other' }), served, admitted)).toBe(false);
    expect(authoriser.authorise(caller({ scopes: ['fraud'] }), served, admitted)).toBe(false);
  });

  test('can demand to know what answers, and what it said of one way to know does not count for another', async () => {
    const { authoriser } = await opened(permitWhen('context has bindingLevel && context.bindingLevel >= 1'));
    const { facts } = admitted;
    for (let times = 0; times < 2; times += 1) {
      expect(authoriser.authorise(caller(), served, admitted)).toBe(false);
      expect(authoriser.authorise(caller(), served, { ...admitted, facts, binding: 'challenged' })).toBe(true);
      expect(authoriser.authorise(caller(), served, { ...admitted, facts, binding: 'launched' })).toBe(true);
      expect(authoriser.authorise(caller(), served, { ...admitted, facts, binding: 'asserted' })).toBe(false);
    }
  });

  test('can tell keys from accounts', async () => {
    const { authoriser } = await opened(
      `@id("own") permit (principal is Holdfast::Person, action == Holdfast::Action::"invoke", resource);`,
    );
    expect(authoriser.authorise(caller({ id: 'jwt:https://login.example|ann' }), served, admitted)).toBe(true);
    for (const id of ['key:jwt:', 'mtls:aa', 'anybody'])
      expect(authoriser.authorise(caller({ id }), served, admitted)).toBe(false);
  });

  test('counts from when it is written, and while it cannot be used nobody asks anything', async () => {
    const { authoriser, path, told } = await opened(permitWhen('principal has tenant && principal.tenant == "bank"'));
    const steps: readonly (readonly [() => void, boolean])[] = [
      [() => undefined, true],
      [
        () => {
          writeFileSync(path, permitWhen('principal has tenant && principal.tenant == "other"'));
        },
        false,
      ],
      [
        () => {
          writeFileSync(path, permitWhen('principal has tenant && principal.tenant == "bank"'));
        },
        true,
      ],
      [
        () => {
          writeFileSync(path, 'permit (principal');
        },
        false,
      ],
      [
        () => {
          writeFileSync(path, permitWhen('true'));
        },
        true,
      ],
      [
        () => {
          writeFileSync(path, '');
        },
        false,
      ],
      [
        () => {
          writeFileSync(path, permitWhen('true'));
        },
        true,
      ],
      [
        () => {
          rmSync(path);
        },
        false,
      ],
    ];
    for (const [step, isYes] of steps) {
      step();
      await authoriser.reload();
      expect(authoriser.authorise(caller(), served, admitted)).toBe(isYes);
      expect(authoriser.policyDigest !== undefined).toBe(
        authoriser.authorise(caller(), served, admitted) || authoriser.size > 0,
      );
    }
    expect(told).toEqual(expect.arrayContaining(['HF_POLICY_EMPTY', 'ENOENT']));
  });

  test.each([
    '',
    'permit (principal',
    '@id("own") permit (principal, action, resource) unless { principal has scopes };',
  ])('that cannot be used lets nothing begin: %s', async (text) => {
    await expect(opened(text)).rejects.toMatchObject({ code: expect.stringMatching(/^HF_POLICY_/) as string });
  });

  test('is given no time: what it would say at one is not what it says at another', async () => {
    const { authoriser } = await opened(
      permitWhen('context has now && context.now > datetime("2020-01-01T00:00:00Z")'),
    );
    expect(authoriser.authorise(caller(), served, admitted)).toBe(false);
  });
});

describe('what was decided', () => {
  test('is remembered for exactly what was asked', async () => {
    const own =
      'principal.roles.contains("a") && principal has tenant && principal.tenant == "t1" && principal.name == "n1"';
    const { authoriser } = await opened(
      permitWhen(
        `${own} && context has model && context.model == "m1" && context.environment == "e1" && resource has kind && resource.kind == "k1"`,
      ),
    );
    const text = (letter: string) => fc.constantFrom(`${letter}1`, `${letter}2`);
    const one = fc.record({
      ...{
        id: text('i'),
        name: text('n'),
        tenant: text('t'),
        roles: fc.subarray(['a', 'b']),
        scopes: fc.option(fc.subarray(['m1', 'm2'])),
      },
      ...{ model: text('m'), environment: text('e'), artifact: text('r'), kind: text('k'), isWithdrawn: fc.boolean() },
    });
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 30 }), (asked) => {
        for (const { id, name, tenant, roles, scopes, model, environment, artifact, kind, isWithdrawn } of [
          ...asked,
          ...asked,
        ]) {
          const facts = { kind, standing: { ...standing, withdrawn: isWithdrawn } };
          const who = { id, name, tenant, roles, ...(scopes === null ? {} : { scopes }) };
          const isYes = [
            ...[
              roles.includes('a'),
              tenant === 't1',
              name === 'n1',
              model === 'm1',
              environment === 'e1',
              kind === 'k1',
            ],
            ...[!isWithdrawn, scopes === null || scopes.includes('m1')],
          ].every(Boolean);
          expect(authoriser.authorise(who, { model, environment }, { artifact, facts })).toBe(isYes);
        }
      }),
    );
    expect(authoriser.size).toBeGreaterThan(10);
  });

  test('does not fill the memory', async () => {
    const { authoriser } = await opened(undefined, 10);
    for (let each = 0; each < 35; each++) {
      for (const roles of [['caller'], []]) {
        expect(authoriser.authorise(caller({ id: `key:c${each}`, roles }), served, admitted)).toBe(roles.length > 0);
      }
      expect(authoriser.size).toBeLessThanOrEqual(10);
    }
    expect(authoriser.authorise(caller({ id: 'key:c1' }), served, admitted)).toBe(true);
  });
});
