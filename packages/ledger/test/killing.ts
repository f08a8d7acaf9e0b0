import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { createLedger, folderSource, fsck, openLedgerReader } from '../src/index.ts';
import { logKey, logSigner, origin } from './scene.ts';

const program = fileURLToPath(new URL('writer-process.ts', import.meta.url));
const pem = logKey.export({ format: 'pem', type: 'pkcs8' }).toString();
const trust = { origin, verifierKeys: [logSigner.verifierKey] };

export interface Ended {
  readonly signal: NodeJS.Signals | null;
  readonly code: number | null;
  /** Complete lines on standard output. */
  readonly lines: readonly string[];
  readonly errors: string;
}

/** Starts a writer, and kills it some milliseconds after its start, or after it has opened the ledger. */
export function startWriter(
  folder: string,
  name: string,
  options: {
    readonly appends: number;
    readonly dieAt?: number;
    readonly killAfterStart?: number;
    readonly killAfterOpen?: number;
  },
): Promise<Ended> {
  const conditions = ['--conditions=source', '--disable-warning=ExperimentalWarning'];
  const parameters = [program, folder, pem, name, String(options.appends), String(options.dieAt ?? 0)];
  const child = spawn(process.execPath, [...conditions, ...parameters], { stdio: ['ignore', 'pipe', 'pipe'] });
  const killIn = (milliseconds: number | undefined): void => {
    if (milliseconds !== undefined) setTimeout(() => child.kill('SIGKILL'), milliseconds);
  };
  let [output, errors] = ['', ''];
  killIn(options.killAfterStart);
  child.stdout.on('data', (data: Buffer) => {
    if (output === '') killIn(options.killAfterOpen);
    output += data.toString();
  });
  child.stderr.on('data', (data: Buffer) => {
    errors += data.toString();
  });
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      resolve({ code, signal, lines: output.split('\n').slice(0, -1), errors });
    });
  });
}

/** Everything acknowledged is at its index, once, and the ledger is in order. Returns its size. */
export async function expectKept(folder: string, ended: readonly Ended[]): Promise<number> {
  const { problems } = await fsck(folderSource(folder), trust);
  expect(problems).toEqual([]);
  const reader = await openLedgerReader(folderSource(folder), trust);
  const texts: string[] = [];
  for await (const entry of reader.entries()) texts.push(Buffer.from(entry).toString());
  expect(new Set(texts).size).toBe(texts.length);
  for (const line of ended.flatMap(({ lines }) => lines)) {
    const [, index, text] = /^(\d+) (.*)$/.exec(line) ?? [];
    if (index !== undefined) expect(texts[Number(index)]).toBe(text);
  }
  return reader.checkpoint.size;
}

/** Rounds of two writers at once, each killed at a random moment; `rounds` times two kills in all. */
export async function killWriters(folder: string, rounds: number): Promise<{ killed: number; size: number }> {
  await (await createLedger(folder, { origin, signers: [logSigner] })).close();
  let [killed, size] = [0, 0];
  // on a busy machine all of them may be killed before they have logged anything
  for (let round = 0; round < rounds || (size === 0 && round < 10 * rounds); round++) {
    const appends = 10_000;
    const ended = await Promise.all([
      startWriter(folder, `a${round}`, { appends, killAfterOpen: Math.random() * 40 }),
      startWriter(folder, `b${round}`, { appends, killAfterStart: 60 + Math.random() * 200 }),
    ]);
    for (const { signal, errors } of ended) expect({ signal, errors }).toEqual({ signal: 'SIGKILL', errors: '' });
    killed += ended.length;
    const now = await expectKept(folder, ended);
    expect(now).toBeGreaterThanOrEqual(size);
    size = now;
  }
  return { killed, size };
}
