import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

export interface RunningPostgres {
  /** `postgresql://USER:PASSWORD@127.0.0.1:PORT/postgres`, of somebody who may do everything. */
  readonly url: string;
  stop(): Promise<void>;
}

export const postgresUser = 'holdfast';
export const postgresPassword = 'not a secret';

/** Skips where PostgreSQL is missing, or fails where everything must be there. */
export function needsPostgres(context: { skip(note: string): unknown }): void {
  if (binaries() !== undefined) return;
  if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error('needs PostgreSQL');
  context.skip('needs PostgreSQL');
}

/**
 * A PostgreSQL of its own with an empty database, on a free port of this machine; it ends with the tests' process. Its texts
 * are ordered as American English by ICU, so that a query that forgot to say `COLLATE "C"` gives another order.
 *
 * @throws Error where PostgreSQL is missing or does not start
 */
export async function startPostgres(): Promise<RunningPostgres> {
  const found = binaries();
  if (found === undefined) throw new Error('needs PostgreSQL');
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-pg-'));
  const owner = ownerOf();
  try {
    const passwordFile = join(folder, 'password');
    writeFileSync(passwordFile, postgresPassword);
    if (owner.uid !== undefined)
      for (const path of [folder, passwordFile]) chownSync(path, owner.uid, owner.gid ?? owner.uid);
    const data = join(folder, 'data');
    const how = ['--no-sync', '--encoding=UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=en-US'];
    const who = [`--username=${postgresUser}`, '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
    execFileSync(join(found, 'initdb'), [`--pgdata=${data}`, ...how, ...who], { ...owner, cwd: folder, stdio: 'pipe' });
    const { server, port } = await started(found, data, folder, owner);
    const stop = stopperOf(server, folder);
    return {
      url: `postgresql://${postgresUser}:${encodeURIComponent(postgresPassword)}@127.0.0.1:${port}/postgres`,
      stop,
    };
  } catch (cause) {
    rmSync(folder, { recursive: true, force: true });
    throw cause;
  }
}

interface Owner {
  readonly uid?: number;
  readonly gid?: number;
}

/** PostgreSQL refuses to run as root; Debian's package brings a user for it. */
function ownerOf(): Owner {
  if (process.getuid?.() !== 0) return {};
  const line = readFileSync('/etc/passwd', 'utf8').split('\n');
  const fields = line.find((each) => each.startsWith('postgres:'))?.split(':') ?? [];
  if (fields.length < 4) throw new Error('needs a user `postgres`, as root may not run PostgreSQL');
  return { uid: Number(fields[2]), gid: Number(fields[3]) };
}

/** Where initdb and postgres lie: on the path, or where Debian puts them; the newest version first. */
function binaries(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((one, other) => Number(other) - Number(one)) : [];
  const folders = [
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(delimiter),
  ];
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

async function started(
  found: string,
  data: string,
  folder: string,
  owner: Owner,
): Promise<{ server: ChildProcess; port: number }> {
  const settings = ['fsync=off', 'full_page_writes=off', 'shared_buffers=32MB', 'max_connections=20', 'jit=off'];
  // somebody else may take the port between the asking and the listening
  for (let tries = 0; ; tries += 1) {
    const port = await freePort();
    const where = ['listen_addresses=127.0.0.1', `port=${port}`, `unix_socket_directories=${folder}`];
    const given = [...settings, ...where].flatMap((setting) => ['-c', setting]);
    const server = spawn(join(found, 'postgres'), ['-D', data, ...given], {
      ...owner,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const said = await untilReady(server);
    if (said === undefined) return { server, port };
    if (tries === 4) throw new Error(`PostgreSQL does not start: ${said.slice(-500)}`);
  }
}

/** `undefined` when it is ready, or what it said before it ended. */
async function untilReady(server: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    let said = '';
    server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-10_000);
      if (said.includes('database system is ready to accept connections')) resolve(undefined);
    });
    server.once('error', (error) => {
      resolve(String(error));
    });
    server.once('exit', () => {
      resolve(said);
    });
  });
}

function stopperOf(server: ChildProcess, folder: string): () => Promise<void> {
  const atEnd = (): void => {
    server.kill('SIGQUIT');
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  process.once('exit', atEnd);
  return async () => {
    process.off('exit', atEnd);
    if (server.exitCode === null && server.signalCode === null) {
      const ended = once(server, 'exit');
      server.kill('SIGINT');
      await ended;
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
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
