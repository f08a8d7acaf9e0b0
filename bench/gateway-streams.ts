/**
 * 512 streams at once: how much later the first frame is there, beside a proxy in Node that only passes on and the model server alone,
 * each asked in turn by the same client; that no frame is lost, by count and digest; processor time a frame, and memory.
 * `HOLDFAST_ROUNDS=90` is ten minutes of each.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import type { BenchResult } from '../tools/bench-tables.ts';

const rounds = Number(process.env['HOLDFAST_ROUNDS'] ?? 5);
const streams = Number(process.env['HOLDFAST_STREAMS'] ?? 512);
const frames = 20;
const everyMs = 200;
/** New streams begin one after the other, so that their beginnings are not what is measured. */
const startMs = 3;

interface Asked {
  readonly name: string;
  readonly pid: number;
  readonly pool: Pool;
  readonly headers: Record<string, string>;
  /** Microseconds from the request to the first frame, less the pace of the server; and from each frame's making to its arrival. */
  readonly first: number[];
  readonly each: number[];
  readonly cpu: number[];
  readonly memory: number[];
}

const body = JSON.stringify({
  ...{ model: 'model', stream: true, max_tokens: frames, messages: [{ role: 'user', content: 'Hello!' }] },
});

export async function run(): Promise<BenchResult> {
  const children: ChildProcess[] = [];
  try {
    const asked = await everybody(children);
    for (const one of asked) await measure(one, false);
    for (let round = 0; round < rounds; round += 1) for (const one of asked) await measure(one, true);
    return { name: 'gateway-streams', rows: asked.map(rowOf) };
  } finally {
    for (const child of children) child.kill('SIGKILL');
  }
}

async function everybody(children: ChildProcess[]): Promise<Asked[]> {
  const [upstream, bare, gateway] = [await freePort(), await freePort(), await freePort()];
  const [server] = await script(children, 'stream-upstream.ts', [upstream, frames, everyMs]);
  const [proxy] = await script(children, 'stream-bare.ts', [bare, upstream]);
  const [pid, said] = await script(children, 'stream-serve.ts', [gateway, upstream]);
  const authorization = `Bearer ${said.split(' ')[1]?.trim() ?? ''}`;
  return [
    askedOf('the model server alone', server, upstream),
    askedOf('a proxy in Node that only passes on', proxy, bare),
    askedOf('the gateway: key, tokens, log, every frame looked at', pid, gateway, { authorization }),
  ];
}

function askedOf(name: string, pid: number, port: number, more: Record<string, string> = {}): Asked {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: streams, pipelining: 1 });
  const headers = { ...more, 'content-type': 'application/json' };
  return { name, pid, pool, headers, first: [], each: [], cpu: [], memory: [] };
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

/** utime and stime of proc(5), in microseconds. */
function processorTime(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

/** MiB. */
const memoryOf = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

async function measure(asked: Asked, counts: boolean): Promise<void> {
  const before = processorTime(asked.pid);
  const running: Promise<void>[] = [];
  for (let at = 0; at < streams; at += 1) {
    running.push(oneStream(asked, counts));
    await sleep(startMs);
  }
  await Promise.all(running);
  if (!counts) return;
  asked.cpu.push((processorTime(asked.pid) - before) / (streams * frames));
  asked.memory.push(memoryOf(asked.pid));
}

async function oneStream({ pool, headers, first, each, name }: Asked, counts: boolean): Promise<void> {
  const began = process.hrtime.bigint();
  const answer = await pool.request({ method: 'POST', path: '/v1/chat/completions', headers, body });
  if (answer.statusCode !== 200) throw new Error(`${name} answered ${answer.statusCode}`);
  const digest = createHash('sha256');
  let [text, got, said] = ['', 0, ''];
  for await (const piece of answer.body) {
    const now = process.hrtime.bigint();
    text += String(piece);
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const frame = text.slice(0, end + 2);
      text = text.slice(end + 2);
      const [, sent] = /^data: \{"sent":(\d+)/.exec(frame) ?? [];
      if (sent === undefined) {
        said ||= /"digest":"(\w+)"/.exec(frame)?.[1] ?? '';
        continue;
      }
      digest.update(frame);
      got += 1;
      if (!counts) continue;
      if (got === 1) first.push(Number(now - began) / 1000 - everyMs * 1000);
      each.push(Number(now - BigInt(sent)) / 1000);
    }
  }
  if (got !== frames || digest.digest('hex') !== said) throw new Error(`${name} lost something`);
}

const quantile = (values: readonly number[], part: number): number =>
  [...values].sort((one, other) => one - other)[Math.floor(part * (values.length - 1))] ?? Number.NaN;

function rowOf({ name, first, each, cpu, memory }: Asked) {
  return {
    [`${streams} streams at once`]: name,
    'to the first frame: p50 µs': quantile(first, 0.5).toFixed(0),
    'first, p99 µs': quantile(first, 0.99).toFixed(0),
    'a frame on its way: p50 µs': quantile(each, 0.5).toFixed(0),
    'frame, p99 µs': quantile(each, 0.99).toFixed(0),
    'CPU µs a frame': quantile(cpu, 0.5).toFixed(1),
    'MiB, first round': (memory[0] ?? Number.NaN).toFixed(0),
    'MiB, last': (memory.at(-1) ?? Number.NaN).toFixed(0),
    'frames lost': '0',
  };
}
