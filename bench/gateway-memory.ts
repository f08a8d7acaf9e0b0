/** Resident memory of the gateway at full load, minute by minute: HOLDFAST_MINUTES=10 `npm run bench -- gateway-memory`; 1 when left out. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Pool } from 'undici';
import type { BenchResult } from '../tools/bench-tables.ts';

const minutes = Number(process.env['HOLDFAST_MINUTES'] ?? 1);
const atOnce = 32;
const data = Array.from({ length: 64 }, (_, at) => Number(Math.sin(at).toFixed(6)));
const body = JSON.stringify({ inputs: [{ name: 'x', shape: [1, 64], datatype: 'FP32', data }] });

export async function run(): Promise<BenchResult> {
  const children: ChildProcess[] = [];
  const [upstreamPort, port] = [await freePort(), await freePort()];
  try {
    await script(children, 'upstream.ts', [upstreamPort]);
    const [gateway, said] = await script(children, 'serve.ts', [port, upstreamPort]);
    const pool = new Pool(`http://127.0.0.1:${port}`, { connections: atOnce, pipelining: 1 });
    const headers = { authorization: `Bearer ${said.split(' ')[1]?.trim() ?? ''}`, 'content-type': 'application/json' };
    const rows = [{ minute: 0, requests: 0, 'resident MiB': residentMiB(gateway) }];
    for (let minute = 1; minute <= minutes; minute += 1) {
      const requests = await minuteOfLoad(pool, headers);
      rows.push({ minute, requests, 'resident MiB': residentMiB(gateway) });
      console.error(JSON.stringify(rows.at(-1)));
    }
    await pool.close();
    return { name: 'gateway-memory', rows };
  } finally {
    for (const child of children) child.kill('SIGKILL');
  }
}

async function minuteOfLoad(pool: Pool, headers: Record<string, string>): Promise<number> {
  const end = performance.now() + 60_000;
  let requests = 0;
  const ask = async (): Promise<void> => {
    while (performance.now() < end) {
      const answer = await pool.request({ method: 'POST', path: '/v2/models/model/infer', headers, body });
      if (answer.statusCode !== 200) throw new Error(`the gateway answered ${answer.statusCode}`);
      await answer.body.dump();
      requests += 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, ask));
  return requests;
}

async function script(children: ChildProcess[], name: string, words: readonly number[]): Promise<[number, string]> {
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

/** VmRSS of proc(5). */
function residentMiB(pid: number): number {
  const [, kibibytes = ''] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kibibytes) / 1024);
}
