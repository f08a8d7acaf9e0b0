import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { temporaryFolder } from '@holdfast/testkit';
import { onTestFinished, type TestContext } from 'vitest';

const command = ['redis-server', 'valkey-server'].find((name) => spawnSync(name, ['--version']).status === 0);

/** Skips where neither Redis nor Valkey is, or fails where everything must be there. */
export function needsRedis(context: TestContext): void {
  if (command !== undefined) return;
  if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error('needs redis-server');
  context.skip('needs redis-server');
}

/** A server of its own that keeps nothing on disk, on a free port of this machine. */
export interface RedisServer {
  readonly address: string;
  kill(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void>;
  /** Again, at the same address, knowing nothing. */
  start(): Promise<void>;
}

export async function startRedis(): Promise<RedisServer> {
  const port = await freePort();
  const folder = temporaryFolder();
  let server: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    server = await started(port, folder);
  };
  await start();
  onTestFinished(() => {
    server?.kill('SIGKILL');
  });
  const kill = async (signal: NodeJS.Signals): Promise<void> => {
    const ended = signal === 'SIGKILL' && server !== undefined ? once(server, 'exit') : undefined;
    server?.kill(signal);
    await ended;
  };
  return { address: `redis://127.0.0.1:${port}`, kill, start };
}

async function started(port: number, folder: string): Promise<ChildProcess> {
  const settings = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
  const server = spawn(command ?? '', settings, { stdio: ['ignore', 'pipe', 'ignore'] });
  let said = '';
  for await (const text of server.stdout.setEncoding('utf8') as AsyncIterable<string>) {
    said += text;
    if (said.includes('Ready to accept connections')) break;
  }
  if (server.exitCode !== null) throw new Error(`redis-server does not start: ${said.slice(-500)}`);
  return server;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
