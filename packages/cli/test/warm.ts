/**
 * The process behind `WarmCommand`: carries out one `holdfast` after another, as it is called in a shell. Started with
 * the folder of the calls, where it writes the port that it listens on; it ends with its standard input.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { runCommandLine } from '../src/command-line.ts';

const folder = process.argv[2] ?? '';

interface Call {
  readonly folder: string;
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** A folder, the number of words, the words, and `NAME=value` until the end; each ends with a zero. */
function readCall(text: string): Call {
  const [place = '', count = '', ...fields] = text.split('\0').slice(0, -1);
  const variables = fields.slice(Number(count)).map((field): [string, string] => {
    const at = field.indexOf('=');
    return [field.slice(0, at), field.slice(at + 1)];
  });
  return { folder: place, words: fields.slice(0, Number(count)), environment: Object.fromEntries(variables) };
}

/** Keeps from now on what is written to a stream; returns what takes it. */
function keep(stream: NodeJS.WriteStream): () => Buffer {
  let parts: Buffer[] = [];
  stream.write = (part: string | Uint8Array, ...rest: readonly unknown[]): boolean => {
    parts.push(Buffer.from(part as string));
    const done = rest.at(-1);
    if (typeof done === 'function') process.nextTick(done);
    return true;
  };
  return () => {
    const all = Buffer.concat(parts);
    parts = [];
    return all;
  };
}

const taken = { out: keep(process.stdout), err: keep(process.stderr) };

async function carryOut(name: string): Promise<number> {
  const call = readCall(readFileSync(join(folder, name), 'utf8'));
  process.chdir(call.folder);
  for (const variable of Object.keys(process.env)) Reflect.deleteProperty(process.env, variable);
  Object.assign(process.env, call.environment);
  try {
    return await runCommandLine(call.words);
  } finally {
    for (const [end, take] of Object.entries(taken)) writeFileSync(join(folder, `${name}.${end}`), take());
  }
}

// one after the other: a process has one folder and one environment
let last: Promise<unknown> = Promise.resolve();
const server = createServer((socket) => {
  createInterface(socket).once('line', (name) => {
    last = last.then(async () => {
      socket.end(`${await carryOut(name)}\n`);
    });
  });
});
server.listen(0, '127.0.0.1', () => {
  // whole when it is seen
  writeFileSync(join(folder, 'port.new'), `${(server.address() as AddressInfo).port}\n`);
  renameSync(join(folder, 'port.new'), join(folder, 'port'));
});
process.stdin.on('end', () => process.exit()).resume();
