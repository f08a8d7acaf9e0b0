/**
 * Processor time of a request of 64 numbers through the gateway, with everything on that is there, beside nginx, a proxy in Node that does
 * nothing, and the model server alone: taken from /proc while the same client asks each in turn.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'undici';
import type { BenchResult } from '../tools/bench-tables.ts';

const rounds = Number(process.env['HOLDFAST_ROUNDS'] ?? 9);
const requestsInRound = 4000;
const atOnce = 16;
const nginx = '/usr/sbin/nginx';

interface Asked {
  readonly name: string;
  readonly pids: readonly number[];
  readonly pool: Pool;
  readonly headers: Record<string, string>;
  readonly cpu: number[];
  readonly alone: number[];
}

const path = '/v2/models/model/infer';
const data = Array.from({ length: 64 }, (_, at) => Number(Math.sin(at).toFixed(6)));
const body = JSON.stringify({ inputs: [{ name: 'x', shape: [1, 64], datatype: 'FP32', data }] });

export async function run(): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-gateway-'));
  const children: ChildProcess[] = [];
  try {
    const asked = await everybody(folder, children);
    for (let round = 0; round < rounds; round += 1) {
      for (const one of asked) {
        await measure(one).catch((cause: unknown) => {
          throw new Error(`${one.name}, round ${round}`, { cause });
        });
      }
    }
    return { name: 'gateway', rows: asked.map(rowOf) };
  } finally {
    for (const child of children) child.kill('SIGKILL');
    stopNginx(folder);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function everybody(folder: string, children: ChildProcess[]): Promise<Asked[]> {
  const upstream = await freePort();
  const [server] = await script(children, 'upstream.ts', [upstream]);
  const [barePort, gatewayPort, plainPort, nginxPort] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  const [bare] = await script(children, 'bare.ts', [barePort, upstream]);
  const [gateway, said] = await script(children, 'serve.ts', [gatewayPort, upstream]);
  const key = said.split(' ')[1]?.trim() ?? '';
  const [plain, saidPlain] = await script(children, 'serve.ts', [plainPort, upstream, 64, 'plain']);
  const asked = [
    askedOf('the model server alone', [server], upstream),
    askedOf('a proxy in Node that does nothing', [bare], barePort),
    askedOf('the gateway: key, quotas, schema, rounding, log', [plain], plainPort, {
      authorization: `Bearer ${saidPlain.split(' ')[1]?.trim() ?? ''}`,
    }),
    askedOf('the same, anomaly and extraction', [gateway], gatewayPort, { authorization: `Bearer ${key}` }),
  ];
  if (!existsSync(nginx)) return asked;
  return [...asked, askedOf('nginx, passing on', await startNginx(folder, nginxPort, upstream), nginxPort)];
}

function askedOf(name: string, pids: readonly number[], port: number, headers: Record<string, string> = {}): Asked {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: atOnce, pipelining: 1 });
  return { name, pids, pool, headers: { ...headers, 'content-type': 'application/json' }, cpu: [], alone: [] };
}

async function script(
  children: ChildProcess[],
  name: string,
  words: readonly (number | string)[],
): Promise<[number, string]> {
  const file = join(import.meta.dirname, 'gateway', name);
  const options = ['--conditions=source', '--disable-warning=ExperimentalWarning', file, ...words.map(String)];
  const child = spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  return [child.pid ?? 0, said.toString()];
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

/** One worker, connections kept on both sides, no log: as it is set up for this. */
async function startNginx(folder: string, port: number, upstream: number): Promise<number[]> {
  const configuration = `
worker_processes 1; pid ${folder}/pid; error_log ${folder}/error; daemon on;
events { worker_connections 1024; }
http {
  access_log off; client_body_temp_path ${folder}; proxy_temp_path ${folder}; client_body_buffer_size 64k;
  fastcgi_temp_path ${folder}; uwsgi_temp_path ${folder}; scgi_temp_path ${folder};
  keepalive_requests 1000000; keepalive_timeout 600s;
  upstream model { server 127.0.0.1:${upstream}; keepalive 64; keepalive_requests 1000000; keepalive_timeout 600s; }
  server { listen 127.0.0.1:${port}; location / { proxy_pass http://model; proxy_http_version 1.1; proxy_set_header Connection ""; } }
}`;
  writeFileSync(join(folder, 'nginx.conf'), configuration);
  execFileSync(nginx, ['-c', join(folder, 'nginx.conf')], { stdio: 'ignore' });
  await new Promise((resolve) => setTimeout(resolve, 300));
  const master = Number(readFileSync(join(folder, 'pid'), 'utf8'));
  return readFileSync(`/proc/${master}/task/${master}/children`, 'utf8').trim().split(' ').map(Number);
}

function stopNginx(folder: string): void {
  const pid = join(folder, 'pid');
  if (existsSync(pid)) process.kill(Number(readFileSync(pid, 'utf8')), 'SIGTERM');
}

/** Processor time of processes so far, in microseconds: utime and stime of proc(5), in hundredths of a second. */
function processorTime(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return sum + (Number(fields[11]) + Number(fields[12])) * 10_000;
  }, 0);
}

async function measure({ name, pids, pool, headers, cpu, alone }: Asked): Promise<void> {
  const before = processorTime(pids);
  let left = requestsInRound;
  const ask = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const answer = await pool.request({ method: 'POST', path, headers, body });
      if (answer.statusCode !== 200) throw new Error(`${name} answered ${answer.statusCode}`);
      await answer.body.dump();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, ask));
  cpu.push((processorTime(pids) - before) / requestsInRound);
  for (let count = 0; count < 200; count += 1) {
    const began = performance.now();
    const answer = await pool.request({ method: 'POST', path, headers, body });
    await answer.body.dump();
    alone.push((performance.now() - began) * 1000);
  }
}

const quantile = (values: readonly number[], part: number): number =>
  [...values].sort((one, other) => one - other)[Math.floor(part * (values.length - 1))] ?? Number.NaN;

function rowOf({ name, cpu, alone }: Asked) {
  return {
    'a request of 64 numbers': name,
    'CPU µs, median': quantile(cpu, 0.5).toFixed(1),
    least: quantile(cpu, 0).toFixed(1),
    'one connection: p50 µs': quantile(alone, 0.5).toFixed(0),
    'p99 µs': quantile(alone, 0.99).toFixed(0),
  };
}
