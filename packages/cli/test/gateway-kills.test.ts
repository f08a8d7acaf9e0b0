import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { needsRedis, startRedis } from '../../gateway/test/quotas/redis-server.ts';
import { CountingModel, expectNothingLost, killUnderLoad } from './gateway-kills.ts';
import { GatewayScene } from './gateway-scene.ts';
import { Scene } from './scene.ts';

const scene = new Scene('nothing', 'one');
const gateways = new GatewayScene(scene);
const model = new CountingModel();
afterAll(() => {
  gateways.stop();
  model.close();
  scene.remove();
});

test('kills of workers, counter and gateway under load lose nothing, and repeat nothing', {
  timeout: 300_000,
}, async (context) => {
  needsRedis(context);
  const kills = { folder: await scene.project(), gateways, model, redis: await startRedis(), kills: 4 };
  const came = await killUnderLoad(kills);
  expect(came.killed).toEqual({ worker: 2, gateway: 1, redis: 1 });
  expectNothingLost(kills, came);
  const { status, stdout } = await scene.type('holdfast ledger verify && holdfast evidence list', kills.folder);
  expect(status).toBe(0);
  const onRecord = [...stdout.matchAll(/(\d+) requests? to gateway/g)].reduce((sum, [, own]) => sum + Number(own), 0);
  expect(onRecord).toBe(came.logged);
  expect(readdirSync(join(kills.folder, '.holdfast/gateway-live'))).toEqual([]);
});
