import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parseKeySet } from '@holdfast/gateway/callers/tokens/key-set';
import { keySetAt } from '@holdfast/gateway/callers/tokens/read-key-set';
import { Tokens } from '@holdfast/gateway/callers/tokens/tokens';
import { temporaryFolder } from '@holdfast/testkit';
import { describe, expect, onTestFinished, test } from 'vitest';
import { claims, curveKey, issuer, jwkOf, now, setOf, tokenOf } from './issuer.ts';

const first = curveKey('first');
const second = curveKey('second');
const times = { fresh: 300_000, keep: 600_000, coolDown: 30_000, retry: 5000, time: 5000 };
const given = { issuer, audience: 'gateway', algorithms: ['ES256'] };
const made = new Map<string, string>();
/** The same one for the same name: a signature with a curve is another each time. */
function token(key = first, sub = 'ann'): string {
  const name = `${key.kid} ${sub}`;
  const shown = made.get(name) ?? tokenOf(key, { ...claims, sub, exp: now + 86_400 });
  made.set(name, shown);
  return shown;
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** An issuer whose answers are set one after the other. */
function scene() {
  const told: unknown[] = [];
  const state = { set: setOf(first), isDown: false, reads: 0 };
  const read = (): Promise<string> => {
    state.reads += 1;
    return state.isDown ? Promise.reject(new Error('down')) : Promise.resolve(state.set);
  };
  const tokens = new Tokens(
    { ...given, times, keys: 'https://login.example/keys' },
    { unusable: (error) => told.push(error) },
    read,
  );
  onTestFinished(() => {
    tokens.close();
  });
  /** At so many milliseconds. */
  const at = async (after: number, shown: string) => (await tokens.callerOf(shown, now * 1000 + after))?.name;
  return { state, told, at, tokens };
}

describe('keys of an issuer', () => {
  test('are read once for all that come at the same time', async () => {
    const { state, at } = scene();
    const names = await Promise.all(Array.from({ length: 20 }, (_, each) => at(0, token(first, `s${each}`))));
    expect(names).toEqual(Array.from({ length: 20 }, (_, each) => `s${each}`));
    expect(state.reads).toBe(1);
  });

  test('are read again for a key that is new, but not for each that there is not', async () => {
    const { state, at } = scene();
    expect(await at(0, token(second))).toBeUndefined();
    expect(state.reads).toBe(1);
    state.set = setOf(first, second);
    expect(await at(29_999, token(second))).toBeUndefined();
    for (let each = 0; each < 50; each++) await at(1000, token(curveKey(`none-${each}`)));
    expect(state.reads).toBe(1);
    // Those that come while it is read wait for it.
    const all = await Promise.all([at(30_000, token(second)), at(30_000, token(second, 'bob'))]);
    expect(all).toEqual(['ann', 'bob']);
    expect(state.reads).toBe(2);
  });

  test('that are gone make nobody known any more, not even who was', async () => {
    const { state, at } = scene();
    expect(await at(0, token(first))).toBe('ann');
    state.set = setOf(second);
    // Nobody notices until they are old, or a new one comes.
    expect(await at(299_999, token(first))).toBe('ann');
    await at(300_000, token(first));
    await settled();
    expect(await at(300_001, token(first))).toBeUndefined();
    expect(await at(300_001, token(second))).toBe('ann');
  });

  test('go on for a while where they cannot be read, and then only whoever is known does', async () => {
    const { state, told, at } = scene();
    expect(await at(0, token(first))).toBe('ann');
    state.isDown = true;
    expect(await at(300_000, token(first, 'bob'))).toBe('bob');
    await settled();
    expect(told).toHaveLength(1);
    expect(await at(600_000, token(first, 'cleo'))).toBeUndefined();
    expect(await at(600_000, token(first))).toBe('ann');
    expect(await at(3_600_000, token(first, 'bob'))).toBe('bob');
    const before = state.reads;
    for (let each = 0; each < 20; each++) await at(3_604_000, token(first, `d${each}`));
    expect(state.reads - before).toBeLessThanOrEqual(1);
    state.isDown = false;
    expect(await at(3_700_000, token(first, 'cleo'))).toBe('cleo');
  });

  test('that are garbage are no answer', async () => {
    const { state, told, at } = scene();
    expect(await at(0, token(first))).toBe('ann');
    state.set = '<html>sign in</html>';
    await at(300_000, token(first));
    await settled();
    expect(told).toEqual([expect.objectContaining({ code: 'HF_GATEWAY_CONFIGURATION' })]);
    expect(await at(300_001, token(first, 'bob'))).toBe('bob');
  });

  test('that are closed make nobody known', async () => {
    const { at, tokens } = scene();
    expect(await at(0, token(first))).toBe('ann');
    tokens.close();
    expect(await at(1, token(first))).toBeUndefined();
  });
});

describe('keys in a file', () => {
  test('follow it, and none counts while it cannot be used', async () => {
    const keys = join(temporaryFolder(), 'keys.json');
    const told: unknown[] = [];
    writeFileSync(keys, setOf(first));
    const tokens = new Tokens({ ...given, keys }, { unusable: (error) => told.push(error) });
    onTestFinished(() => {
      tokens.close();
    });
    const knows = async (after: number, shown: string) => {
      // The first may have begun before the file changed.
      for (const time of [after, after]) await tokens.prepare(now * 1000 + time);
      return (await tokens.callerOf(shown, now * 1000 + after))?.name;
    };
    expect(await knows(0, token(first))).toBe('ann');
    writeFileSync(keys, setOf(second));
    expect([await knows(10_000, token(first)), await knows(10_000, token(second))]).toEqual([undefined, 'ann']);
    writeFileSync(keys, setOf(second).slice(0, 40));
    expect(await knows(20_000, token(second))).toBeUndefined();
    writeFileSync(keys, setOf(second));
    expect(await knows(30_000, token(second))).toBe('ann');
    rmSync(keys);
    expect(await knows(40_000, token(second))).toBeUndefined();
    expect(told.length).toBeGreaterThanOrEqual(2);
  });
});

describe('a JWK set', () => {
  const rsaSecret = { ...jwkOf(first), d: 'abc' };

  test.each<[string, string]>([
    ['nothing', ''],
    ['no object', 'null'],
    ['a key alone', JSON.stringify(jwkOf(first))],
    ['no key', '{"keys":[]}'],
    ['keys that are no list', '{"keys":{}}'],
    ['a key that is none', '{"keys":[5]}'],
    ['a key of no kind', '{"keys":[{}]}'],
    ['a shared secret', JSON.stringify({ keys: [jwkOf(first), { kty: 'oct', k: 'abc', alg: 'HS256' }] })],
    ['a private key', JSON.stringify({ keys: [rsaSecret] })],
    ['too many keys', JSON.stringify({ keys: Array.from({ length: 101 }, () => jwkOf(first)) })],
    ['too many bytes', JSON.stringify({ keys: [{ ...jwkOf(first), more: 'x'.repeat(300_000) }] })],
  ])('that is %s is refused', (_, text) => {
    expect(() => parseKeySet(text)).toThrow(expect.objectContaining({ code: 'HF_GATEWAY_CONFIGURATION' }) as Error);
  });
});

describe('the address of a JWK set', () => {
  test.each([
    ...['http://login.example/keys', 'http://127.0.0.1.evil.example/keys', 'http://10.0.0.1/keys', 'http://[::2]/keys'],
    ...[
      'ftp://login.example/keys',
      'file:///etc/passwd',
      'https://user:secret@login.example/',
      'https://a/#b',
      'https://',
    ],
  ])('%s is refused', (address) => {
    expect(() => keySetAt(address)).toThrow(expect.objectContaining({ code: 'HF_GATEWAY_CONFIGURATION' }) as Error);
  });

  const serving = async (answer: RequestListener): Promise<string> => {
    const server = createServer(answer).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
  };

  test('answers with the set', async () => {
    const address = await serving((_, response) => response.end(setOf(first)));
    expect(await keySetAt(address)(AbortSignal.timeout(5000))).toBe(setOf(first));
  });

  test.each<[string, RequestListener]>([
    ['an error', (_, response) => response.writeHead(500).end(setOf(first))],
    ['another address', (_, response) => response.writeHead(302, { location: '/other' }).end()],
    ['more than a set can have', (_, response) => response.end(Buffer.alloc(10_000_000, 32))],
    [
      'half of it',
      (_, response) => {
        response.writeHead(200, { 'content-length': 1000 });
        response.write('{"keys":');
        setImmediate(() => response.destroy());
      },
    ],
    ['no end', (_, response) => response.write('{')],
    ['nothing', () => undefined],
  ])('that answers with %s is as good as none', async (_, answer) => {
    const read = keySetAt(await serving(answer));
    await expect(read(AbortSignal.timeout(300))).rejects.toMatchObject({ code: 'HF_GATEWAY_CONFIGURATION' });
  });

  test('where nobody listens is as good as none', async () => {
    const read = keySetAt('http://127.0.0.1:1/keys');
    await expect(read(AbortSignal.timeout(5000))).rejects.toMatchObject({ code: 'HF_GATEWAY_CONFIGURATION' });
  });
});
