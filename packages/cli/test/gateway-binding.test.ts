import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Scene } from './scene.ts';
import { ended, exampleServer, infer, Processes, serverFlags, twoModels } from './switch-scene.ts';

const scene = new Scene('nothing', 'one');
const processes = new Processes(scene);
let prepared = '';
beforeAll(async () => {
  prepared = await twoModels(scene);
}, 120_000);
afterAll(() => {
  processes.stop();
  scene.remove();
});

const words = JSON.stringify([process.execPath, ...serverFlags, exampleServer, '{model}/model.onnx', 'model', '{port}']);

test('x', { timeout: 120_000 }, async () => {
  const folder = prepared;
  const { gateway, origin } = await processes.gateway(
    folder,
    `{ model: model, environment: production, launch: { command: ${words} } }`,
  );
  await gateway.line(/serving {2}model/);
  console.log(await infer(origin), gateway.said());
  expect(await ended(gateway)).toBe(0);
  console.log(gateway.said(), readdirSync(join(folder, '.holdfast/gateway/launched')));
});
