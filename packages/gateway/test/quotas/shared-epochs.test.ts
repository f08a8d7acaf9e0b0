import type { Quota } from '@holdfast/contracts/gateway-callers';
import { countedQuota } from '@holdfast/gateway/quotas/declared-quota';
import { leaseMs } from '@holdfast/gateway/quotas/shared/leases';
import { type SharedOptions, SharedQuotas } from '@holdfast/gateway/quotas/shared/shared-quotas';
import { createClient } from '@redis/client';
import { describe, expect, onTestFinished, test } from 'vitest';
import { needsRedis, startRedis } from './redis-server.ts';

const caller = { id: 'a', name: 'a', roles: [], tenant: 'a' };
const one = { requests: 1, rows: 0, cost: 0 };
const still = (burst: number): Quota => ({ per: 'caller', rate: '1/d', burst });

async function replica(address: string, quota: Quota, options: Partial<SharedOptions> = {}) {
  const state = { found: 0, lost: 0 };
  const shared = { address, quotas: [countedQuota(quota)], fail: 'closed', space: 'test', timeMs: 2000 } as const;
  const quotas = await SharedQuotas.open(
    { ...shared, ...options },
    { lost: () => (state.lost += 1), found: () => (state.found += 1) },
  );
  onTestFinished(async () => quotas.close());
  const isGranted = async (nowMs = 0): Promise<boolean> => {
    const grant = await Promise.resolve()
      .then(() => quotas.take(caller, 'm', one, nowMs))
      .catch(() => undefined);
    return grant?.isGranted === true;
  };
  const granted = async (times: number): Promise<number> => {
    let count = 0;
    for (let at = 0; at < times; at++) if (await isGranted()) count += 1;
    return count;
  };
  return { isGranted, granted, state };
}

async function clientOf(address: string) {
  const client = createClient({ url: address });
  client.on('error', () => undefined);
  await client.connect();
  onTestFinished(() => {
    client.destroy();
  });
  return client;
}

describe('a count that begins again', () => {
  test('gives no burst twice where an old copy of it came back', async (context) => {
    needsRedis(context);
    const server = await startRedis();
    const { isGranted, granted, state } = await replica(server.address, still(20));
    expect(await granted(5)).toBe(5);
    await (await clientOf(server.address)).sendCommand(['SAVE']);
    expect(await granted(30)).toBe(15);
    await server.kill('SIGKILL');
    await expect.poll(() => state.lost, { timeout: 20_000 }).toBe(1);
    await server.start();
    // By its copy there are 15.
    expect(await (await clientOf(server.address)).dbSize()).toBe(2);
    let now = 0;
    await expect
      .poll(
        async () => {
          now += 1001;
          expect(await isGranted(now)).toBe(false);
          return state.found;
        },
        { timeout: 20_000 },
      )
      .toBe(1);
    expect(await granted(30)).toBe(0);
  });

  test('is known by a replica that started since, where it remembers that something was counted', async (context) => {
    needsRedis(context);
    const { address } = await startRedis();
    let isThere = false;
    const memory = { has: () => isThere, remember: () => (isThere = true) };
    const first = await replica(address, still(20), { memory });
    expect(isThere).toBe(false);
    expect(await first.granted(5)).toBe(5);
    expect(isThere).toBe(true);
    await (await clientOf(address)).flushAll();
    const next = await replica(address, still(20), { memory });
    expect(await next.granted(30)).toBe(0);
    expect(await first.granted(30)).toBe(0);
  });
});

describe('leases', () => {
  test('ask for many requests at once, and give out no more than there is', async (context) => {
    needsRedis(context);
    const { address } = await startRedis();
    const client = await clientOf(address);
    const replicas = await Promise.all([0, 1, 2].map(async () => replica(address, still(6000), { leases: true })));
    let given = 0;
    let asked = 0;
    for (let now = 0, refused = 0; refused < 3; now += 0.25) {
      refused = 0;
      for (const { isGranted } of replicas) {
        asked += 1;
        if (await isGranted(now)) given += 1;
        else refused += 1;
      }
    }
    // To the last: what one holds that the others miss it gives out itself.
    expect(given).toBe(6000);
    const { calls } =
      /cmdstat_evalsha:calls=(?<calls>\d+)/.exec(
        (await client.sendCommand(['INFO', 'commandstats'])) as unknown as string,
      )?.groups ?? {};
    expect(Number(calls)).toBeLessThan(asked / 20);
  });

  test('end, and what is left of one is given back with the next', async (context) => {
    needsRedis(context);
    const { address } = await startRedis();
    const { isGranted } = await replica(address, still(1000), { leases: true });
    const other = await replica(address, still(1000));
    let own = 0;
    // Each time it takes more ahead, which it does not use.
    for (const now of [0, 1, 2, 3, 2000, 2001, 4000, 6000, 8000]) if (await isGranted(now)) own += 1;
    expect(await isGranted(100_000)).toBe(true);
    expect(own).toBe(9);
    expect(await other.granted(1000)).toBe(1000 - 10);
  });

  test('held by replicas whose server is killed under load give no more than there is', async (context) => {
    needsRedis(context);
    const server = await startRedis();
    const burst = 600;
    const replicas = await Promise.all(
      [0, 1, 2].map(async () => replica(server.address, still(burst), { leases: true })),
    );
    const state = { given: 0, isOver: false, now: 0 };
    const load = replicas.map(async ({ isGranted }) => {
      while (!state.isOver) {
        state.now += 0.05;
        if (await isGranted(state.now)) state.given += 1;
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
    await expect.poll(() => state.given, { timeout: 20_000, interval: 1 }).toBeGreaterThan(60);
    for (let kill = 1; kill <= 4; kill++) {
      await server.kill('SIGKILL');
      const times = (what: 'lost' | 'found') => (): number => {
        state.now += 1001;
        return Math.min(...replicas.map((each) => each.state[what]));
      };
      await expect.poll(times('lost'), { timeout: 20_000, interval: 5 }).toBe(kill);
      await server.start();
      await expect.poll(times('found'), { timeout: 20_000, interval: 5 }).toBe(kill);
    }
    state.isOver = true;
    await Promise.all(load);
    expect(state.given).toBeLessThanOrEqual(burst);
  });

  test.each([
    ['100/s', 100, 10],
    ['1000/s', 500, 5],
    ['10/s', 10_000, 1000],
    ['1/d', 1000, 1000],
  ])('of %s with a burst of %d last %d ms at most', (rate, burst, most) => {
    expect(leaseMs(countedQuota({ per: 'caller', rate, burst }))).toBeCloseTo(most, 9);
  });

  test('exceed a quota by no more than a hundredth of its burst, over any time', async (context) => {
    needsRedis(context);
    const { address } = await startRedis();
    const client = await clientOf(address);
    const clock = async (): Promise<number> => {
      const [seconds, micros] = (await client.sendCommand(['TIME'])) as unknown as [string, string];
      return Number(seconds) * 1000 + Number(micros) / 1000;
    };
    const quota = { per: 'caller', rate: '1000/s', burst: 1000 } as const;
    const replicas = await Promise.all([0, 1, 2, 3].map(async () => replica(address, quota, { leases: true })));
    const begun = await clock();
    let given = 0;
    await Promise.all(
      replicas.map(async ({ isGranted }) => {
        for (let at = 0; at < 1500; at++) if (await isGranted(performance.now())) given += 1;
      }),
    );
    expect(given).toBeLessThanOrEqual(1000 + Math.ceil((await clock()) - begun) + 10);
    expect(given).toBeGreaterThan(990);
  });
});
