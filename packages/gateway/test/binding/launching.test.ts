import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { digestArtifact } from '@holdfast/evidence/digest/artifact';
import { temporaryFolder } from '@holdfast/testkit';
import { afterEach, describe, expect, test } from 'vitest';
import type { ModelBytes } from '../../src/admission/admission.ts';
import { freePort } from '../../src/binding/await-server.ts';
import { copyModel, removeCopy } from '../../src/binding/copy-model.ts';
import { LaunchedServer, type LaunchOrder } from '../../src/binding/launched-server.ts';
import { ownsPort } from '../../src/binding/processes.ts';

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function modelOf(): Promise<ModelBytes> {
  const path = join(temporaryFolder(), 'model');
  mkdirSync(join(path, 'parts'), { recursive: true });
  writeFileSync(join(path, 'model.onnx'), 'weights');
  writeFileSync(join(path, 'parts/one'), 'more');
  const { digests } = await digestArtifact(path);
  return { path, digests };
}

describe('a copy of a model', () => {
  test('holds what was admitted, nobody writes to it, and it can be removed', async () => {
    const bytes = await modelOf();
    // What is no part of the evidence (docs of the digest: version control is ignored) is no part of the copy.
    mkdirSync(join(bytes.path, '.git'));
    writeFileSync(join(bytes.path, '.git/config'), 'not digested');
    const folder = join(temporaryFolder(), 'copy');
    const copy = await copyModel(bytes, folder);
    expect(readdirSync(copy).sort()).toEqual(['model.onnx', 'parts']);
    expect(readFileSync(join(copy, 'parts/one'), 'utf8')).toBe('more');
    const modes = [folder, copy, join(copy, 'parts'), join(copy, 'model.onnx')].map(
      (path) => statSync(path).mode & 0o777,
    );
    expect(modes).toEqual([0o700, 0o500, 0o500, 0o400]);
    await removeCopy(folder);
    await removeCopy(folder);
    expect(readdirSync(join(folder, '..'))).toEqual([]);
  });

  test('of a file is that file', async () => {
    const path = join(temporaryFolder(), 'model.onnx');
    writeFileSync(path, 'weights');
    const { digests } = await digestArtifact(path);
    const copy = await copyModel({ path, digests }, join(temporaryFolder(), 'copy'));
    expect(readFileSync(copy, 'utf8')).toBe('weights');
  });

  test('of other bytes than were admitted is refused', async () => {
    const bytes = await modelOf();
    chmodSync(bytes.path, 0o700);
    writeFileSync(join(bytes.path, 'parts/one'), 'less');
    const made = copyModel(bytes, join(temporaryFolder(), 'copy'));
    await expect(made).rejects.toMatchObject({ code: 'HF_GATEWAY_NOT_ADMITTED' });
    // A name is a part of a model, too.
    const renamed = await modelOf();
    const { sha256 } = renamed.digests;
    const other = copyModel({ ...renamed, digests: { sha256 } }, join(temporaryFolder(), 'copy'));
    await expect(other).rejects.toMatchObject({ code: 'HF_GATEWAY_NOT_ADMITTED' });
  });

  test('follows no link out of the model', async () => {
    const bytes = await modelOf();
    symlinkSync('/etc/passwd', join(bytes.path, 'parts/passwd'));
    const made = copyModel(bytes, join(temporaryFolder(), 'copy'));
    await expect(made).rejects.toMatchObject({ code: 'HF_DIGEST_SYMLINK' });
  });
});

describe.skipIf(process.platform !== 'linux')('a port', () => {
  test('belongs to who listens on it, and to nobody when nobody does', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const stranger = spawn('/bin/sh', ['-c', 'read -r _'], { detached: true });
    open.push(async () => {
      stranger.kill('SIGKILL');
      return Promise.resolve();
    });
    expect([await ownsPort(process.pid, port), await ownsPort(stranger.pid ?? 0, port)]).toEqual([true, false]);
    server.close();
    await once(server, 'close');
    expect(await ownsPort(process.pid, port)).toBe(false);
  });
});

/** Answers on its port with 200, or ends at once. */
const answering = `require('http').createServer((_, response) => response.end('{}')).listen(process.argv[1], '127.0.0.1')`;

function launchedBy(script: string, change: Partial<LaunchOrder> = {}) {
  const told = { changed: 0, up: 0, said: [] as string[] };
  const folder = join(temporaryFolder(), 'launched');
  const server = new LaunchedServer(
    {
      command: [process.execPath, '-e', script, '{port}', '{model}'],
      environment: { MODEL: '{model}' },
      readyPath: '/ready',
      startMs: 60_000,
      folder,
      limits: { answer: 1000, timeMs: 10_000, concurrency: 4 },
      confine: () => [],
      ...change,
    },
    { changed: () => (told.changed += 1), up: () => (told.up += 1), said: (line) => told.said.push(line) },
  );
  open.push(async () => server.close());
  return { server, told, folder };
}

const request = { method: 'GET', path: '/', headers: {}, body: Buffer.of() } as const;

describe.skipIf(process.platform !== 'linux')('a server that is launched', { timeout: 120_000 }, () => {
  test('is told where its model is, and gone when nothing is wanted', async () => {
    const echo = `require('http').createServer((_, response) => response.end(process.argv[2] + ' ' + process.env.MODEL + ' ' + process.cwd())).listen(process.argv[1], '127.0.0.1')`;
    const { server, told, folder } = launchedBy(echo);
    await expect(server.exchange(request)).rejects.toMatchObject({ code: 'HF_GATEWAY_UPSTREAM' });
    server.want('sha256:a', await modelOf());
    expect(server.serves).toBeUndefined();
    await expect.poll(() => server.serves, { timeout: 60_000 }).toBe('sha256:a');
    const { body } = await server.exchange(request);
    const model = join(folder, 'model/model');
    expect(Buffer.from(body).toString()).toBe(`${model} ${model} ${join(folder, 'home')}`);
    expect(told).toEqual({ changed: 1, up: 1, said: [] });
    await server.close();
    expect([server.isUp, readdirSync(join(folder, '..'))]).toEqual([false, []]);
  });

  test('that lets something else answer on its port is not taken', async () => {
    const port = await freePort();
    const other = createServer((_, response) => response.end('{}')).listen(port, '127.0.0.1');
    await once(other, 'listening');
    open.push(async () => new Promise((resolve) => other.close(resolve)));
    // It listens nowhere: what answers at the path of the port is this process.
    const { server, told } = launchedBy('setInterval(() => undefined, 1000)', {
      command: [process.execPath, '-e', 'setInterval(() => undefined, 1000)'],
      port: () => Promise.resolve(port),
    });
    server.want('sha256:a', await modelOf());
    await expect.poll(() => server.failure, { timeout: 60_000 }).toBe('something else listens on its port');
    expect([server.serves, server.isUp, told.up]).toEqual([undefined, false, 0]);
  });

  test('that does not answer in time is told of', async () => {
    const { server } = launchedBy('console.log("waiting"); setInterval(() => undefined, 1000)', { startMs: 300 });
    server.want('sha256:a', await modelOf());
    await expect.poll(() => server.failure, { timeout: 60_000 }).toMatch(/^it did not answer in time: /);
  });

  test('gives way to another model', async () => {
    const { server } = launchedBy(answering);
    server.want('sha256:a', await modelOf());
    await expect.poll(() => server.serves, { timeout: 60_000 }).toBe('sha256:a');
    server.want('sha256:b', await modelOf());
    expect(server.serves).toBeUndefined();
    await expect.poll(() => server.serves, { timeout: 60_000 }).toBe('sha256:b');
    expect((await server.exchange(request)).status).toBe(200);
  });
});
