import { findToolchain } from '@holdfast/sandbox';
import { containerIsolation } from '@holdfast/sandbox/container';
import { launch } from '@holdfast/sandbox/launch';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FoundEngine, isolationOf, needsPodman } from './container-scene.ts';
import { EgressScene } from './egress-scene.ts';
import { Scene } from './scene.ts';

describe('a container with a list of hosts', () => {
  let scene: Scene;
  let servers: EgressScene;
  let found: FoundEngine;
  beforeEach(async (context) => {
    found = await needsPodman(context);
    servers = new EgressScene();
    scene = new Scene();
  });
  afterEach(() => {
    servers.remove();
    scene.remove();
  });

  it('reaches these and no others, and the account tells of both', async () => {
    const port = await servers.plain();
    const other = await servers.plain();
    const program = `
import os, socket, urllib.request
print(urllib.request.urlopen('http://localhost:${port}/p').read().decode())
for target in ['http://localhost:${other}/', 'http://mirror.example/']:
    try:
        urllib.request.urlopen(target)
    except OSError as error:
        print(error.code)
try:
    socket.create_connection(('127.0.0.1', ${port}), 5)
except OSError as error:
    print(error.strerror)`;
    const isolation = isolationOf(found, await findToolchain({ names: ['python3'], project: scene.project }));
    const limits = { processCount: 10 };
    const request = scene.request(`python3 -c "$PROGRAM"`, { network: [`localhost:${port}`], limits });
    const environment = { ...request.environment, PROGRAM: program, NODE_OPTIONS: '--nowhere' };
    const command = await isolation.wrap({ ...request, environment });
    const { stdout, stderr } = await launch(command);
    expect(stderr).toBe('');
    expect(stdout.split('\n').map((line) => line.trim())).toEqual([
      'hello GET /p',
      '403',
      '403',
      'Connection refused',
      '',
    ]);
    const { peers = [], refused = [] } = command.account?.().network ?? {};
    expect(peers.map(({ host, port: at, connections }) => [host, at, connections])).toEqual([['localhost', port, 1]]);
    expect(refused.map(({ target }) => target).sort()).toEqual([`http://localhost:${other}`, 'http://mirror.example']);
    expect(command.enforcement.enforced['network']).toContain(`localhost:${port}`);
  });

  it('is refused for a virtual machine, into which no socket leads', async () => {
    const toolchain = await findToolchain({ names: [], project: scene.project });
    const kernels = { host: '6.1.0', guest: '6.2.0' };
    const isolation = containerIsolation({ ...found, toolchain, kernels });
    expect(isolation.level).toBe('vm');
    const refused = expect.objectContaining({ code: 'HF_SANDBOX_REQUEST' });
    await expect(isolation.wrap(scene.request('true', { network: ['pypi.example'] }))).rejects.toThrow(refused);
    const command = await isolation.wrap(scene.request('true'));
    expect(command.enforcement).toMatchObject({ level: 'vm', kernels });
    await command.release?.();
  });
});
