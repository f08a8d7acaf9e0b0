import type { Caller } from '@holdfast/gateway/callers/caller';
import { Callers } from '@holdfast/gateway/callers/callers';
import { GatewayError } from '@holdfast/gateway/errors';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const callerOf = (id: string): Caller => ({ id, name: id, roles: [], tenant: id });
const key = 'hf_good';
const token = 'good.token.here';
const good = { publicKey: 'aa', subject: 'CN=good' };
const other = { publicKey: 'bb', subject: 'CN=other' };
const all = new Callers({
  keys: { callerOf: (text) => (text === key ? callerOf('key') : undefined), close: () => undefined },
  tokens: {
    callerOf: (text) => {
      if (text === 'rejects.it.all') return Promise.reject(new TypeError('where is the key'));
      if (text === 'slow.token.here') return Promise.resolve(callerOf('slow'));
      return text === token ? callerOf('token') : text === 'slow.bad.token' ? Promise.resolve(undefined) : undefined;
    },
    close: () => undefined,
  },
  certificates: { callerOf: ({ publicKey }) => (publicKey === good.publicKey ? callerOf('certificate') : undefined) },
});
type Shown = Parameters<Callers['authenticate']>[0];

const outcome = async (callers: Callers, shown: Shown): Promise<string | GatewayError> => {
  try {
    return (await callers.authenticate(shown, 0)).id;
  } catch (error) {
    return error as GatewayError;
  }
};

describe('who asks', () => {
  test.each<[Shown, string]>([
    [{ authorization: `Bearer ${key}` }, 'key'],
    [{ authorization: `bearer ${key}` }, 'key'],
    [{ apiKey: key }, 'key'],
    [{ authorization: `Bearer ${token}` }, 'token'],
    [{ authorization: 'BEARER slow.token.here' }, 'slow'],
    [{ certificate: good }, 'certificate'],
    [{ certificate: other, apiKey: key }, 'key'],
    [{ certificate: other, authorization: `Bearer ${token}` }, 'token'],
  ])('%o is known', async (shown, id) => {
    expect(await outcome(all, shown)).toBe(id);
  });

  const refused: readonly Shown[] = [
    {},
    { apiKey: '' },
    { apiKey: token },
    { apiKey: `Bearer ${key}` },
    { authorization: '' },
    { authorization: 'Bearer' },
    { authorization: 'Bearer ' },
    { authorization: key },
    { authorization: `Bearer  ${key}` },
    { authorization: `Bearer\t${key}` },
    { authorization: ` Bearer ${key}` },
    { authorization: `Bearer ${key}, Bearer ${key}` },
    { authorization: `Bearer ${key},` },
    { authorization: `Basic ${key}` },
    { authorization: 'Bearer hf_bad' },
    { authorization: 'Bearer slow.bad.token' },
    { authorization: 'Bearer rejects.it.all' },
    { authorization: `Bearer ${'a'.repeat(20_000)}` },
    { certificate: other },
    // Two things, each of them good.
    { authorization: `Bearer ${key}`, apiKey: key },
    { authorization: `Bearer ${token}`, apiKey: key },
    { authorization: '', apiKey: key },
    { authorization: `Bearer ${key}`, apiKey: '' },
    { certificate: good, apiKey: key },
    { certificate: good, authorization: `Bearer ${token}` },
    // One that is good and one that is not.
    { certificate: good, apiKey: 'hf_bad' },
    { certificate: good, authorization: '' },
  ];

  test.each(refused.map((shown) => [shown]))('%o is refused like any other', async (shown) => {
    const error = await outcome(all, shown);
    const nothing = await outcome(all, {});
    expect(error).toBeInstanceOf(GatewayError);
    const { code, message, where, fix, status, retryAfter, cause } = error as GatewayError;
    expect({ code, status }).toEqual({ code: 'HF_GATEWAY_NO_CALLER', status: 401 });
    expect({ code, message, where, fix, status, retryAfter, cause }).toEqual({
      ...{ code, fix, status, message: (nothing as GatewayError).message },
      ...{ where: undefined, retryAfter: undefined, cause: undefined },
    });
  });

  test('what is not declared is refused', async () => {
    const none = new Callers({});
    for (const shown of [
      { apiKey: key },
      { authorization: `Bearer ${key}` },
      { authorization: `Bearer ${token}` },
      { certificate: good },
    ]) {
      expect(await outcome(none, shown)).toMatchObject({ code: 'HF_GATEWAY_NO_CALLER' });
    }
    none.close();
  });

  test('nothing but what is known is let in', async () => {
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom(key, `Bearer ${key}`, `Bearer ${token}`, ''),
      fc.string().map((rest) => `Bearer ${rest}`),
    );
    await fc.assert(
      fc.asyncProperty(fc.option(text), fc.option(text), async (authorization, apiKey) => {
        const shown = { ...(authorization === null ? {} : { authorization }), ...(apiKey === null ? {} : { apiKey }) };
        const isOne = (authorization === null) !== (apiKey === null);
        const isKnown = apiKey === key || authorization === `Bearer ${key}` || authorization === `Bearer ${token}`;
        const said = await outcome(all, shown);
        expect(typeof said === 'string').toBe(isOne && isKnown);
      }),
    );
  });
});
