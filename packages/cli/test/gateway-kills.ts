import { randomUUID } from 'node:crypto';
import { Agent, createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { RedisServer } from '../../gateway/test/quotas/redis-server.ts';
import {
  declare,
  ended,
  type GatewayScene,
  infer,
  isWorker,
  linesOf,
  mainOf,
  type Speaker,
  until,
  workersOf,
} from './gateway-scene.ts';

/** Counts how often it executed what came under each key. */
export class CountingModel {
  readonly executed = new Map<string, number>();
  readonly server: Server = createServer((message, response) => {
    message.resume();
    message.on('end', () => {
      const key = String(message.headers['idempotency-key']);
      this.executed.set(key, (this.executed.get(key) ?? 0) + 1);
      // Long enough for a kill to come between.
      setTimeout(() => {
        response.setHeader('content-type', 'application/json');
        response.end('{"model_name":"model","outputs":[]}');
      }, Math.random() * 4);
    });
  }).listen(0, '127.0.0.1');

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }
}

interface Tally {
  readonly acknowledged: Set<string>;
  readonly statuses: Map<string, number>;
  isOver: boolean;
}

export interface Kills {
  readonly folder: string;
  readonly gateways: GatewayScene;
  readonly model: CountingModel;
  readonly redis: RedisServer;
  readonly kills: number;
}

const rate = 100;
const burst = 100;

const isOver = (tally: Tally): boolean => tally.isOver;

/** Asks one thing after the other, each under a key of its own, and again under the same key until it knows what came of it. */
async function client(origin: () => string, tally: Tally): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  while (!isOver(tally)) {
    await sleep(2);
    const key = randomUUID();
    for (let isKnown = false; !isKnown; ) {
      const told = await infer(origin(), { 'idempotency-key': key }, agent).catch(() => undefined);
      const title = told === undefined ? 'broken off' : (/"title":"(\w+)"/.exec(told.body)?.[1] ?? String(told.status));
      tally.statuses.set(title, (tally.statuses.get(title) ?? 0) + 1);
      if (told?.status === 200) tally.acknowledged.add(String(told.headers['x-holdfast-request']));
      isKnown = told?.status === 200 || title === 'HF_GATEWAY_IDEMPOTENCY_UNKNOWN';
      if (!isKnown && isOver(tally)) return;
      if (!isKnown) await sleep(20);
    }
  }
  agent.destroy();
}

async function started(gateways: GatewayScene, folder: string) {
  const gateway = gateways.gateway(folder);
  const [, origin = ''] = await gateway.line(/gateway {2}(http:\S+)/);
  await gateway.line(/serving {2}model in production/);
  return { gateway, origin };
}

/** Kills processes of a gateway, the gateway, and the counter, at random moments under load; returns what came of it. */
export async function killUnderLoad({ folder, gateways, model, redis, kills }: Kills) {
  const quotas = `quotas: [{ per: model, rate: ${rate}/s, burst: ${burst} }]`;
  const own = `  workers: 2\n  callers: { ${quotas}, shared: { redis: "${redis.address}", fail: closed } }\n`;
  declare(folder, model.port, own, ', limits: { idempotency: { keep: 1h } }');
  const begun = performance.now();
  let now = await started(gateways, folder);
  const tally: Tally = { acknowledged: new Set(), statuses: new Map(), isOver: false };
  const load = Array.from({ length: 4 }, async () => client(() => now.origin, tally));
  const workers: number[] = [];
  const killed = { worker: 0, gateway: 0, redis: 0 };
  for (let kill = 0; kill < kills; kill++) {
    const since = tally.acknowledged.size;
    await until(
      () => (tally.acknowledged.size > since + 10 ? true : undefined),
      () => `answered again: ${JSON.stringify([...tally.statuses])} ${now.gateway.said()}`,
    );
    await sleep(Math.random() * 30);
    const which = kill % 20 === 2 ? 'gateway' : kill % 4 === 3 ? 'redis' : 'worker';
    killed[which] += 1;
    if (which === 'redis') {
      await redis.kill('SIGKILL');
      await redis.start();
    } else if (which === 'worker') {
      const pids = workersOf(now.gateway);
      const pid = pids[Math.floor(Math.random() * pids.length)];
      if (pid !== undefined) killQuietly(pid);
    } else {
      workers.push(...workersOf(now.gateway));
      killQuietly(mainOf(now.gateway));
      now = await started(gateways, folder);
    }
  }
  tally.isOver = true;
  await Promise.all(load);
  const seconds = (performance.now() - begun) / 1000;
  // Those whose supervisor was killed end a little later than it.
  const left = (): number => workers.filter((pid) => isWorker(pid) && !workersOf(now.gateway).includes(pid)).length;
  await until(
    () => (left() === 0 ? true : undefined),
    () => 'workers that nobody looks after',
  );
  await settle(now.gateway);
  return { tally, killed, seconds, logged: linesOf(folder).length };
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself a moment ago.
  }
}

async function settle(gateway: Speaker): Promise<void> {
  expect(await ended(gateway)).toBe(0);
}

/** Nothing that was acknowledged is missing, nothing was executed twice, and no more than may be. */
export function expectNothingLost(
  { folder, model }: Kills,
  { tally, seconds }: Awaited<ReturnType<typeof killUnderLoad>>,
): void {
  const logged = new Set(linesOf(folder).map(({ id }) => id));
  expect([...tally.acknowledged].filter((id) => !logged.has(id))).toEqual([]);
  expect([...model.executed].filter(([, count]) => count > 1)).toEqual([]);
  expect(model.executed.size).toBeLessThanOrEqual(1.01 * (burst + rate * seconds));
}
