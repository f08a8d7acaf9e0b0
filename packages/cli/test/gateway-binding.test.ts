import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Scene } from './scene.ts';
import { copied, ended, exampleServer, infer, Processes, serverFlags, twoModels } from './switch-scene.ts';

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

const words = JSON.stringify([
  process.execPath,
  ...serverFlags,
  exampleServer,
  '{model}/model.onnx',
  'model',
  '{port}',
]);
const launched = `{ model: model, environment: production, launch: { command: ${words} } }`;
const challenge = 'challenge: { data: rows.csv, rows: 3, every: 1s }';

/** Processes that run on a copy of a project's model. */
const serversOf = (folder: string): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        const isRunning = !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
        return isRunning && words.includes(join(folder, '.holdfast/gateway/launched'));
      } catch {
        return false;
      }
    });

const bindingsOf = async (folder: string): Promise<string[]> => {
  const { stdout } = await scene.type('holdfast evidence list', folder);
  const ids = [...stdout.matchAll(/^ *\d+ {2}(\S+) .*(?:served|stopped) in production/gm)].map(([, id = '']) => id);
  const shown: string[] = [];
  for (const id of ids) {
    const { stdout: text } = await scene.type(`holdfast evidence show ${id} --json`, folder);
    shown.push(/"binding":"(\w+)"/.exec(text)?.[1] ?? text);
  }
  return shown;
};

describe('a model server that is launched', { timeout: 120_000 }, () => {
  test('runs on a copy that nobody writes, is started again when it dies, and ends with the gateway', async () => {
    const folder = copied(scene, prepared);
    const { gateway, origin } = await processes.gateway(folder, launched);
    await gateway.line(/serving {2}model/);
    const answer = await infer(origin);
    expect(answer).toMatch(/^0\.\d{4}$/);
    const [pid = 0] = serversOf(folder);
    const [own = ''] = readdirSync(join(folder, '.holdfast/gateway/launched'));
    const copy = join(folder, '.holdfast/gateway/launched', own, 'model/model');
    expect([statSync(copy).mode & 0o777, statSync(join(copy, 'model.onnx')).mode & 0o777]).toEqual([0o500, 0o400]);
    expect(
      readFileSync(`/proc/${pid}/environ`, 'utf8')
        .split('\0')
        .map((each) => each.split('=')[0])
        .sort(),
    ).toEqual(['', 'HOME', 'LANG', 'PATH', 'TMPDIR', 'TZ']);

    process.kill(pid, 'SIGKILL');
    await gateway.line(/the model server ended, and is started again/);
    await expect.poll(async () => infer(origin), { timeout: 30_000 }).toBe(answer);
    expect(serversOf(folder)).not.toContain(pid);

    await scene.type('holdfast revoke model --reason "it was a test"', folder);
    await gateway.line(/stopped {2}model in production .*withdrawn/);
    await expect.poll(() => serversOf(folder), { timeout: 30_000 }).toEqual([]);
    expect(await ended(gateway)).toBe(0);
    expect(readdirSync(join(folder, '.holdfast/gateway/launched'))).toEqual([]);
    expect(await bindingsOf(folder)).toEqual(['launched', 'asserted']);
  });

  test('does not outlive a gateway that is killed, whose copy the next one removes', async () => {
    const folder = copied(scene, prepared);
    const { gateway } = await processes.gateway(folder, launched);
    await gateway.line(/serving {2}model/);
    expect(serversOf(folder)).toHaveLength(1);
    const [own = ''] = readdirSync(join(folder, '.holdfast/gateway/launched'));
    process.kill(Number(own.split('-')[0]), 'SIGKILL');
    await expect.poll(() => serversOf(folder), { timeout: 30_000 }).toEqual([]);
    const left = readdirSync(join(folder, '.holdfast/gateway/launched'));
    expect(left).toHaveLength(1);
    const next = await processes.again(folder);
    await next.gateway.line(/serving {2}model/);
    expect(readdirSync(join(folder, '.holdfast/gateway/launched'))).not.toEqual(left);
    expect(await ended(next.gateway)).toBe(0);
  });

  test('that never answers is not served, and only whoever runs the gateway hears why', async () => {
    const folder = copied(scene, prepared);
    const script = "console.error('no such thing ' + process.argv[1]); process.exit(1)";
    const command = JSON.stringify([process.execPath, '-e', script, '{port}']);
    const { gateway, origin } = await processes.gateway(
      folder,
      `{ model: model, environment: production, launch: { command: ${command} } }`,
    );
    await gateway.line(/cannot be started: it ended: no such thing \d+/);
    await gateway.line(/stopped {2}model in production .*launch/);
    const said = await infer(origin);
    expect(said).toContain('503 HF_GATEWAY_NOT_ADMITTED');
    expect(said).not.toContain('no such thing');
    expect(await ended(gateway)).toBe(0);
  });
});

describe('a model server that is challenged', { timeout: 120_000 }, () => {
  test('is served while it answers as the file does, and not with another model', async () => {
    const folder = copied(scene, prepared);
    const right = await processes.server(join(folder, 'logistic.onnx'));
    const wrong = await processes.server(join(folder, 'next.onnx'));
    const route = (path: string, origin: string): string =>
      `{ model: model, environment: production, path: ${path}, upstream: "${origin}", ${challenge} }`;
    const { gateway, origin } = await processes.gateway(
      folder,
      `${route('/right', right.origin)}\n    - ${route('/wrong', wrong.origin)}`,
    );
    await gateway.line(/serving {2}model/);
    await gateway.line(/model on \/wrong {3}challenge: 3 of 3 rows are answered unlike by the file/);
    await gateway.line(/stopped {2}model in production .*challenge/);
    expect(await infer(`${origin}/right`)).toMatch(/^0\.\d{4}$/);
    expect(await infer(`${origin}/wrong`)).toContain('the model is not admitted: challenge');

    // The server goes away: nothing is known of what comes in its place.
    await ended(right.server, 'SIGKILL');
    await gateway.line(/model on \/right {3}challenge-unanswered: the model server cannot be reached/);
    await expect.poll(async () => infer(`${origin}/right`), { timeout: 30_000 }).toContain('challenge-unanswered');
    expect(await ended(gateway)).toBe(0);
    expect(new Set(await bindingsOf(folder))).toEqual(new Set(['challenged', 'asserted']));
  });

  test('is needed where the policy demands it', async () => {
    const folder = copied(scene, prepared);
    writeFileSync(
      join(folder, 'policy/invoke.cedar'),
      `@id("known") permit (principal, action == Holdfast::Action::"invoke", resource)
       when { context has bindingLevel && context.bindingLevel >= 1 };\n`,
    );
    const { origin: upstream } = await processes.server(join(folder, 'logistic.onnx'));
    const route = `model: model, environment: production, upstream: "${upstream}"`;
    const { gateway, origin } = await processes.gateway(
      folder,
      `{ ${route}, path: /asserted }\n    - { ${route}, path: /challenged, ${challenge} }`,
      '  policy: policy/invoke.cedar\n',
    );
    await gateway.line(/serving[^]*serving/);
    expect(await infer(`${origin}/asserted`)).toContain('403 HF_GATEWAY_NOT_ALLOWED');
    expect(await infer(`${origin}/challenged`)).toMatch(/^0\.\d{4}$/);
    expect(await ended(gateway)).toBe(0);
  });
});

test.each([
  ['no data', 'challenge: { data: nowhere.csv }', 'the data of `challenge` cannot be read'],
  ['a model with both kinds of server', `launch: { command: ["x", "{port}"] }`, 'either `upstream` or `launch`'],
])('%s is an error before anything listens', { timeout: 60_000 }, async (_, more, message) => {
  const folder = copied(scene, prepared);
  const route = `{ model: model, environment: production, upstream: "http://127.0.0.1:1", ${more} }`;
  writeFileSync(join(folder, 'holdfast.yaml'), `gateway: { routes: [${route}] }\n`, { flag: 'a' });
  const { status, stderr } = await scene.type('holdfast gateway', folder);
  expect([status, stderr.includes(message)], stderr).toEqual([2, true]);
});
