import type { Quota } from '@holdfast/contracts/gateway-callers';
import type { Caller } from '@holdfast/gateway/callers/caller';
import { countedQuota } from '@holdfast/gateway/quotas/declared-quota';
import type { Grant } from '@holdfast/gateway/quotas/quota';
import { type SharedOptions, SharedQuotas } from '@holdfast/gateway/quotas/shared/shared-quotas';
import { createClient } from '@redis/client';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { needsRedis, startRedis } from './redis-server.ts';

const caller = (id: string, rest: Partial<Caller> = {}): Caller => ({ id, name: id, roles: [], tenant: id, ...rest });
const one = { requests: 1, rows: 0, cost: 0 };
/** What flows in during a test is nothing: a token a day. */
const still = (burst: number, rest: Partial<Quota> = {}): Quota => ({ per: 'caller', rate: '1/d', burst, ...rest });
const long = process.env['HOLDFAST_LONG'] === '1';

/** Long enough for a machine that does something else: what is slow on purpose never answers at all. */
const patient = 2000;

async function replica(address: string, declared: readonly Quota[], options: Partial<SharedOptions> = {}) {
  const told: string[] = [];
  const given = {
    address,
    quotas: declared.map(countedQuota),
    fail: 'closed',
    space: 'test',
    timeMs: patient,
  } as const;
  const quotas = await SharedQuotas.open(
    { ...given, ...options },
    { lost: () => told.push('lost'), found: () => told.push('found'), alone: (fail) => told.push(fail) },
  );
  onTestFinished(() => quotas.close());
  /** Whether it was granted; undefined where nobody could say. */
  const take = async (who = caller('a'), cost = one, nowMs = 0, model = 'm'): Promise<Grant | undefined> => {
    try {
      return await quotas.take(who, model, cost, nowMs);
    } catch (error) {
      expect(error).toMatchObject({ code: 'HF_GATEWAY_COUNTER', status: 503, retryAfter: 1 });
      return undefined;
    }
  };
  return { take, told, quotas };
}

async function clientOf(address: string) {
  const client = createClient({ url: address });
  await client.connect();
  onTestFinished(() => {
    client.destroy();
  });
  return client;
}

const granted = (grants: readonly (Grant | undefined)[]): number =>
  grants.filter((grant) => grant?.isGranted === true).length;
const range = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

describe('buckets that replicas share', () => {
  test('give out what they hold, to the last token, however many ask', async (context) => {
    needsRedis(context);
    const { address } = await startRedis();
    const replicas = await Promise.all(range(4).map(() => replica(address, [still(500)])));
    const all = await Promise.all(replicas.flatMap(({ take }) => range(300).map(() => take())));
    expect(granted(all)).toBe(500);
    expect(granted(await Promise.all(replicas.map(({ take }) => take(caller('b')))))).toBe(4);
  });

  test('give no more than the burst and what flows in', async (context) => {
    needsRedis(context);
    const { address } = await startRedis();
    const replicas = await Promise.all(
      range(4).map(() => replica(address, [{ per: 'caller', rate: '300/s', burst: 100 }])),
    );
    const client = await clientOf(address);
    const clock = async (): Promise<number> => {
      const [seconds, micros] = (await client.sendCommand(['TIME'])) as unknown as [string, string];
      return Number(seconds) * 1000 + Number(micros) / 1000;
    };
    const begun = await clock();
    let given = 0;
    await Promise.all(
      replicas.map(async ({ take }) => {
        for (let round = 0; round < 40; round++) {
          const now = granted(await Promise.all(range(50).map(() => take())));
          given += now;
        }
      }),
    );
    // 8,000 are asked for; a whole millisecond is counted where a part of it has gone by.
    expect(10 * given).toBeLessThanOrEqual(1000 + 3 * (Math.floor(await clock()) - Math.floor(begun)));
    expect(given).toBeGreaterThanOrEqual(100);
  });

  test('are taken from together or not at all', async (context) => {
    needsRedis(context);
    const { address } = await startRedis();
    const declared = [still(10), still(25, { per: 'tenant', of: 'rows' }), still(4, { per: 'role', role: 'batch' })];
    const { take } = await replica(address, declared);
    const batch = caller('a', { tenant: 't', roles: ['batch', 'batch'] });
    const other = caller('b', { tenant: 't' });
    const rows = (count: number) => ({ requests: 1, rows: count, cost: 0 });
    // 4 of batch, then refused there, with nothing taken of the ten of `a`, nor of the 25 rows.
    expect(granted(await Promise.all(range(9).map(() => take(batch, rows(1)))))).toBe(4);
    expect(await take(batch, rows(1))).toEqual({
      isGranted: false,
      quota: 'requests per role batch',
      retryAfter: expect.any(Number) as number,
    });
    expect(await take(other, rows(22))).toMatchObject({ isGranted: false, quota: 'rows per tenant' });
    expect(await take(other, rows(21))).toEqual({ isGranted: true, left: 0 });
    expect(await take(other, rows(26))).toEqual({ isGranted: false, quota: 'rows per tenant' });
    expect(await take(other, rows(0))).toEqual({ isGranted: true, left: 8 });
  });

  test('are none where nothing is taken', async () => {
    const { take, told } = await replica('redis://127.0.0.1:1', [still(1, { model: 'other' })]);
    expect(await take()).toEqual({ isGranted: true, left: Number.POSITIVE_INFINITY });
    expect(told).toEqual(['lost']);
  });

  test('keep exact count of any numbers, and are gone when they are full', async (context) => {
    needsRedis(context);
    const { address } = await startRedis();
    const client = await clientOf(address);
    const rate = fc.record({
      amount: fc.integer({ min: 1, max: 999_999_999 }),
      unit: fc.constantFrom('s', 'm', 'h', 'd'),
    });
    const state = fc.record({
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      ago: fc.integer({ min: -2000, max: 100_000_000 }),
    });
    let place = 0;
    await fc.assert(
      fc.asyncProperty(
        rate,
        fc.integer({ min: 1, max: 100_000 }),
        state,
        fc.integer({ min: 1, max: 1000 }),
        async ({ amount, unit }, burst, { share, ago }, takes) => {
          place += 1;
          const declared = countedQuota({ per: 'caller', rate: `${amount}/${unit}`, burst });
          const { take } = await replica(address, [{ per: 'caller', rate: `${amount}/${unit}`, burst }], {
            space: `s${place}`,
          });
          // Once, so that its bucket is there, with a name that only the code knows.
          expect((await take())?.isGranted).toBe(true);
          const name = (await client.keys(`holdfast:{s${place}}:*`)).find((key) => !key.endsWith(':since')) as string;
          const [seconds] = (await client.sendCommand(['TIME'])) as unknown as [string];
          const before = Math.floor(declared.capacity * share);
          const at = Number(seconds) * 1000 - ago;
          await client.set(name, `${before} ${at}`);
          const grant = await take(caller('a'), { requests: takes, rows: 0, cost: 0 });
          const [level, from] = ((await client.get(name)) as string).split(' ').map(BigInt) as [bigint, bigint];
          const { unit: parts, inflow, capacity } = declared;
          const need = BigInt(takes) * BigInt(parts);
          if (grant?.isGranted === true) {
            const risen = BigInt(before) + (from - BigInt(at)) * BigInt(inflow);
            expect(level).toBe((risen > BigInt(capacity) ? BigInt(capacity) : risen) - need);
            expect(BigInt(grant.left)).toBe(level / BigInt(parts));
            const full = (BigInt(capacity) - level + BigInt(inflow) - 1n) / BigInt(inflow);
            const left = BigInt(await client.pTTL(name));
            expect(left > full - 1000n && left <= full + 1000n + BigInt(Math.max(0, -ago) + 1000)).toBe(true);
          } else {
            expect([level, from]).toEqual([BigInt(before), BigInt(at)]);
            expect(grant?.retryAfter === undefined).toBe(need > BigInt(capacity));
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test('hold no name of a caller', async (context) => {
    needsRedis(context);
    const { address } = await startRedis();
    const { take } = await replica(address, [still(5)]);
    await take(caller('ann@example.com'));
    const client = await clientOf(address);
    const keys = await client.keys('*');
    expect(keys.toSorted()).toEqual(
      [expect.stringMatching(/^holdfast:\{test\}:[\w-]{43}$/), 'holdfast:{test}:since'].toSorted(),
    );
    expect(keys.join()).not.toContain('ann');
  });

  test('go on where the server has forgotten the script, and not where it holds something else', async (context) => {
    needsRedis(context);
    const { address } = await startRedis();
    const { take, told } = await replica(address, [still(5)]);
    const client = await clientOf(address);
    await take();
    await client.sendCommand(['SCRIPT', 'FLUSH']);
    expect(await take()).toEqual({ isGranted: true, left: 3 });
    expect(told).toEqual([]);
    const name = (await client.keys('*')).find((key) => !key.endsWith(':since')) as string;
    for (const odd of ['', '5', '-5 5', '5 5 5', 'a b']) {
      await client.set(name, odd);
      expect(await take(caller('a'), one, Number.MAX_SAFE_INTEGER)).toBeUndefined();
    }
  });
});

describe('a server that counts', () => {
  test('that is not there serves nobody, or every replica for itself, and it is told', async () => {
    const nobody = 'redis://127.0.0.1:1';
    const closed = await replica(nobody, [still(2)]);
    expect(await Promise.all(range(4).map(() => closed.take()))).toEqual(range(4).map(() => undefined));
    expect(closed.told).toEqual(['lost', 'closed', 'closed', 'closed', 'closed']);
    const open = await replica(nobody, [still(2)], { fail: 'open' });
    expect(granted(await Promise.all(range(4).map(() => open.take())))).toBe(2);
    expect(open.told).toEqual(['lost', 'open', 'open', 'open', 'open']);
  });

  test('that hangs is waited for a little, and then not asked for a while', async (context) => {
    needsRedis(context);
    const server = await startRedis();
    const { take, told } = await replica(server.address, [still(50)], { timeMs: 5 });
    await server.kill('SIGSTOP');
    for (const at of [0, 1, 2, 3, 4]) expect(await take(caller('a'), one, at)).toBeUndefined();
    expect(told).toEqual(['lost', ...range(5).map(() => 'closed')]);
    // The breaker is open from the third on: there is nothing to wait for, so the answer does not even take a promise.
    await server.kill('SIGCONT');
    const again = await replica(server.address, [still(50)]);
    // The three that were given up may have been taken, too: never is less counted than was.
    const grant = await again.take();
    expect(grant?.isGranted === true && grant.left <= 49 && grant.left >= 46).toBe(true);
  });

  test('that forgot everything gives nobody a burst twice', async (context) => {
    needsRedis(context);
    const { address } = await startRedis();
    const { take } = await replica(address, [still(20)]);
    expect(granted(await Promise.all(range(15).map(() => take())))).toBe(15);
    await (await clientOf(address)).flushAll();
    expect(granted(await Promise.all(range(30).map(() => take())))).toBe(0);
    // Nor somebody who has not come before: that is not known.
    expect(await take(caller('b'))).toMatchObject({
      isGranted: false,
      retryAfter: expect.closeTo(86_400, 0) as number,
    });
  });

  test.for(['closed', 'open'] as const)(
    'that is killed under load gives no more than it may (fail: %s)',
    async (fail, context) => {
      needsRedis(context);
      const server = await startRedis();
      const burst = 400;
      const kills = long ? 100 : 5;
      const replicas = await Promise.all(range(3).map(() => replica(server.address, [still(burst)], { fail })));
      const state = { given: 0, isOver: false, now: 0, asked: 0 };
      const load = replicas.map(async ({ take }) => {
        while (!state.isOver) {
          const grants = await Promise.all(range(10).map(() => take(caller('a'), one, state.now)));
          state.given += granted(grants);
          state.asked += grants.length;
          await new Promise((resolve) => setImmediate(resolve));
        }
      });
      const until = async (isSo: () => boolean): Promise<void> => {
        while (!isSo()) {
          // A second for the breaker each time round, by the clock that it is given.
          state.now += 1001;
          await new Promise((resolve) => setImmediate(resolve));
        }
      };
      await until(() => state.given > 50);
      for (let kill = 0; kill < kills; kill++) {
        await server.kill('SIGKILL');
        const lost = (): number =>
          Math.min(...replicas.map(({ told }) => told.filter((each) => each === 'lost').length));
        await until(() => lost() > kill);
        await server.start();
        const found = (): number =>
          Math.min(...replicas.map(({ told }) => told.filter((each) => each === 'found').length));
        await until(() => found() > kill);
      }
      state.isOver = true;
      await Promise.all(load);
      // Together once; and where each counts for itself meanwhile, each once more.
      expect(state.given).toBeLessThanOrEqual(fail === 'closed' ? burst : 4 * burst);
      expect(state.given).toBeGreaterThan(50);
      for (const { told } of replicas)
        expect(told.filter((each) => each === fail).length).toBeGreaterThanOrEqual(kills);
    },
  );
});
