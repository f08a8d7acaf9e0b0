import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomOf } from '@holdfast/statistics';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bin, Scene } from './scene.ts';

const scene = new Scene('nothing', 'one');
const running: ChildProcess[] = [];
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  scene.remove();
});

/** Three columns of which the third is nearly the sum of the others, as honest callers would send them. */
function honestRow(random: ReturnType<typeof randomOf>): number[] {
  const [a, b] = [random.normal(), random.normal()];
  return [a, b, a + b + 0.05 * random.normal()].map((value) => Number(value.toFixed(3)));
}

async function until(pattern: RegExp, child: ChildProcess): Promise<RegExpExecArray> {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (piece: Buffer) => {
      text += piece.toString();
    });
  }
  for (const end = performance.now() + 60_000; performance.now() < end; ) {
    const found = pattern.exec(text);
    if (found !== null) return found;
    await sleep(10);
  }
  throw new Error(`never said ${pattern}: ${text}`);
}

let folder = '';
let origin = '';
let gateway: ChildProcess;
const keys: Record<string, string> = {};

beforeAll(async () => {
  folder = await scene.project();
  const random = randomOf('rows of honest callers');
  const rows = Array.from({ length: 2200 }, () => honestRow(random).join(','));
  writeFileSync(join(folder, 'rows.csv'), `a,b,c\n${rows.join('\n')}\n`);
  const server = join(import.meta.dirname, '../../../examples/gateway/server.ts');
  const words = ['--conditions=source', '--disable-warning=ExperimentalWarning', server];
  const model = spawn(process.execPath, [...words, join(folder, 'logistic.onnx'), 'model', '0'], {
    cwd: join(server, '..'),
  });
  running.push(model);
  const [, upstream] = await until(/model server on (\d+)/, model);
  appendFileSync(
    join(folder, 'holdfast.yaml'),
    `gateway:
  listen: { port: 0 }
  callers: { keys: policy/callers.json }
  routes:
    - model: model
      environment: production
      upstream: "http://127.0.0.1:${upstream}"
      protections:
        fitted: guard.json
        anomaly: enforce
        extraction: enforce
        response:
          points: { extraction: 4, anomaly: 0 }
          throttle: { at: 4, for: 10m, every: 1s }
          block: { at: 9, for: 1h }
`,
  );
  for (const name of ['honest', 'curious']) {
    const { stdout } = await scene.type(`holdfast caller create ${name}`, folder);
    keys[name] = stdout.split('\n')[0]?.trim() ?? '';
  }
}, 120_000);

async function infer(caller: string, row: readonly number[]): Promise<{ status: number; text: string }> {
  const inputs = [{ name: 'x', shape: [1, 3], datatype: 'FP32', data: row }];
  const response = await fetch(`${origin}/v2/models/model/infer`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${keys[caller]}` },
    body: JSON.stringify({ inputs }),
  });
  return { status: response.status, text: await response.text() };
}

test('a route whose protections were never fitted stays closed, and says what to type', {
  timeout: 60_000,
}, async () => {
  const { status, stdout } = await scene.type('holdfast gateway check', folder);
  expect([status, stdout.includes('guard.json')]).toEqual([1, true]);
});

test('what was fitted elsewhere, or changed, opens no route', { timeout: 120_000 }, async () => {
  const fitted = await scene.type('holdfast gateway fit rows.csv --model model --output guard.json', folder);
  expect(fitted.status).toBe(0);
  expect(fitted.stdout).toContain('rows 2200 · features 3');
  const path = join(folder, 'guard.json');
  const sound = readFileSync(path, 'utf8');
  writeFileSync(path, sound.replace('"falseAlarms":0.001', '"falseAlarms":0.002'));
  expect(await scene.type('holdfast gateway check', folder)).toMatchObject({
    status: 1,
    stdout: expect.stringContaining('there is no evidence that `guard.json` was fitted to') as string,
  });
  writeFileSync(path, sound);
  const configuration = join(folder, 'holdfast.yaml');
  const declared = readFileSync(configuration, 'utf8');
  appendFileSync(configuration, 'operations: { gateway.fit: { owner: somebody-else } }\n');
  expect((await scene.type('holdfast gateway check', folder)).status).toBe(1);
  writeFileSync(configuration, declared);
  const { status, stdout } = await scene.type('holdfast gateway check', folder);
  expect(status).toBe(0);
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain('anomaly (enforce), extraction (enforce)');
});

test('an honest caller is served; a row unlike the data is refused; who extracts is throttled, blocked, pardoned', {
  timeout: 180_000,
}, async () => {
  gateway = spawn(process.execPath, [bin, 'gateway'], { cwd: folder, env: scene.environment() });
  running.push(gateway);
  origin = (await until(/gateway {2}(http:\S+)/, gateway))[1] ?? '';
  const honest = randomOf('another honest caller');
  const answers = [];
  for (let count = 0; count < 60; count += 1) answers.push((await infer('honest', honestRow(honest))).status);
  // Of sixty rows that are like the held-out ones one is called anomalous with a chance of 6 in 100.
  expect(answers.filter((status) => status === 200).length).toBeGreaterThan(57);

  const odd = await infer('honest', [3, 3, -6]);
  expect(odd.status).toBe(422);
  expect(odd.text).toContain('gateway.anomaly.');

  // Rows that are drawn column by column, but none so odd that it would be refused for itself.
  const seen = new Set<number>();
  const random = randomOf('who copies the model');
  for (let count = 0; count < 400 && !seen.has(403); count += 1) {
    const [a, b, c] = [random.normal(), random.normal(), random.normal() * 0.4];
    seen.add((await infer('curious', [a, b, a + b + c])).status);
    if (seen.has(429)) await sleep(300);
  }
  expect([...seen].sort()).toEqual(expect.arrayContaining([403, 429]));
  expect((await infer('honest', honestRow(honest))).status).toBe(200);

  await expect
    .poll(async () => (await scene.type('holdfast caller list', folder)).stdout, { timeout: 30_000 })
    .toMatch(/key:curious: block on \/ until/);
  const pardoned = await scene.type('holdfast caller pardon curious', folder);
  expect(pardoned).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('curious is pardoned: block') as string,
  });
  await expect.poll(async () => (await infer('curious', honestRow(honest))).status, { timeout: 30_000 }).not.toBe(403);
  const exit = once(gateway, 'exit');
  gateway.kill('SIGINT');
  expect((await exit)[0]).toBe(0);
  const { stdout } = await scene.type('holdfast evidence list', folder);
  expect(stdout).toMatch(/throttle for key:curious until .*gateway\.extraction/);
  expect(stdout).toMatch(/key:curious is pardoned/);
  expect(await scene.type('holdfast caller pardon curious', folder)).toMatchObject({ status: 2 });
});
