import { afterAll, expect, test } from 'vitest';
import { needsRedis, startRedis } from '../../gateway/test/quotas/redis-server.ts';
import { CountingModel, expectNothingLost, killUnderLoad } from './gateway-kills.ts';
import { GatewayScene } from './gateway-scene.ts';
import { Scene } from './scene.ts';

/** 200 where nothing else is said; `HOLDFAST_KILLS=1000` before a release. */
const count = Number(process.env['HOLDFAST_KILLS'] ?? 200);
const scene = new Scene('nothing', 'one');
const gateways = new GatewayScene(scene);
const model = new CountingModel();
afterAll(() => {
  gateways.stop();
  model.close();
  scene.remove();
});

test('many kills under load lose nothing, and repeat nothing', { timeout: 10_000_000 }, async (context) => {
  needsRedis(context);
  const kills = { folder: await scene.project(), gateways, model, redis: await startRedis(), kills: count };
  const came = await killUnderLoad(kills);
  const { acknowledged, statuses } = came.tally;
  console.log(
    JSON.stringify({ ...came.killed, seconds: came.seconds, acknowledged: acknowledged.size, statuses: [...statuses] }),
  );
  expectNothingLost(kills, came);
  expect((await scene.type('holdfast ledger verify', kills.folder)).status).toBe(0);
});
