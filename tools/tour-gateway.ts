// The chapter of the tour in which a model is served: who asks, and what becomes of it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { styleText } from 'node:util';
import { root } from './repository.ts';

const holdfast = join(root, 'packages', 'cli', 'bin', 'holdfast.js');

/** What the articles that this project began with allow a gateway to add, in milliseconds. */
const allowed = 5;
/** Requests of each way that the time is taken of; those before them warm both up. */
const timed = 400;
const untimed = 200;

export interface Narration {
  readonly say: (line: string) => void;
  /** Runs a command in the project, shows it, and gives what it says. */
  readonly step: (words: readonly string[]) => string;
}

/**
 * Serves the model of the project in a folder, which the gate of production lets through, to callers of several kinds, then withdraws it.
 * @throws Error when one of them is not answered as it should be
 */
export async function serveForAWhile(folder: string, narration: Narration): Promise<void> {
  const started: ChildProcess[] = [];
  try {
    await serve(folder, narration, started);
  } finally {
    for (const child of started) child.kill('SIGTERM');
  }
}

async function serve(folder: string, { say, step }: Narration, started: ChildProcess[]): Promise<void> {
  const [serverPort, port] = [await freePort(), await freePort()];
  appendFileSync(join(folder, 'holdfast.yaml'), declaration(port, serverPort));
  const leave = 'applicant,group,repaid,source';
  step(['gateway', 'fit', 'applicants', '--model', 'model', '--leave', leave, '--output', 'build/guard.json']);
  const server = [join(root, 'examples/gateway/server.ts'), 'build/model/model.onnx', 'credit', String(serverPort)];
  started.push(await starting(folder, ['--conditions=source', ...server], 'model server'));
  const key = keyIn(step(['caller', 'create', 'app']));
  const trialKey = keyIn(step(['caller', 'create', 'visitor', '--role', 'caller', '--role', 'trial']));
  const curiousKey = keyIn(step(['caller', 'create', 'curious']));
  step(['gateway', 'check']);
  started.push(await starting(folder, [holdfast, 'gateway', '--for', '5m'], 'serving  '));
  const ask = asker(`http://127.0.0.1:${port}`);

  say(`\n${styleText('cyan', '$ curl http://127.0.0.1:…/v2/models/credit/infer')}   as different callers would`);
  say(line('whoever has no key', await ask()));
  say(line('app, with its key', await ask({ key }), 200));
  say(line('app, with a text for a number', await ask({ key, values: [Number.NaN, ...applicant.slice(1)] })));
  let last = await ask({ key: trialKey });
  for (let count = 0; count < 5 && last.status === 200; count += 1) last = await ask({ key: trialKey });
  say(line('visitor, for the sixth time in a minute', last, 429));
  const { rows, answer: refused } = await copying(ask, curiousKey);
  say(line('curious, who copies it with made-up rows', refused, 403));
  say(`  It was noticed at row ${rows}. Others are served on; evidence says until when this one is not:`);
  step(['caller', 'list']);
  say(`\n${await addedTime(ask, asker(`http://127.0.0.1:${serverPort}`), key)}`);

  step(['revoke', 'model', '--reason', 'trained on data without consent']);
  const withdrawn = performance.now();
  let answer = await ask({ key });
  while (answer.status === 200 && performance.now() - withdrawn < 5000) {
    await sleep(20);
    answer = await ask({ key });
  }
  say(line('app, as before', answer, 503));
}

const applicant = [30, 2, 1, 5000, 24, 1, 0, 3, 1] as const;

const declaration = (port: number, serverPort: number): string => `gateway:
  listen: { port: ${port} }
  callers:
    keys: policy/callers.json
    quotas: [{ per: caller, role: trial, rate: 5/m, burst: 5 }]
  routes:
    - model: model
      environment: production
      upstream: "http://127.0.0.1:${serverPort}"
      served: credit
      protections:
        fitted: build/guard.json
        extraction: enforce
        response: { block: { at: 10, for: 1h } }
`;

/** What a column of applicants can hold, as anybody could guess: least, greatest, digits. */
const guessed = [
  ...[
    [18, 75, 0],
    [8000, 150_000, 0],
    [0, 40, 0],
    [1000, 60_000, 0],
    [6, 84, 0],
  ],
  ...[
    [0, 1.5, 2],
    [0, 8, 0],
    [0, 30, 0],
    [0, 1, 0],
  ],
] as const;

/** Asks about rows that are made up, until it is refused for good. */
async function copying(ask: Asker, key: string): Promise<{ readonly rows: number; readonly answer: Answer }> {
  for (let rows = 1; rows <= 500; rows += 1) {
    const values = guessed.map(([least, greatest, digits]) => {
      return Number((least + Math.random() * (greatest - least)).toFixed(digits));
    });
    const answer = await ask({ key, values });
    if (answer.status === 403) return { rows, answer };
  }
  throw new Error('somebody copied the model');
}

const keyIn = (said: string): string => said.split('\n')[0]?.trim() ?? '';

/** Starts a program, and waits until it says a word. */
async function starting(folder: string, words: readonly string[], until: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, words, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  let said = '';
  const heard = new Promise<void>((resolve) => {
    const hear = (piece: Buffer): void => {
      said += piece.toString();
      if (said.includes(until)) resolve();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
  });
  const isServing = await Promise.race([heard.then(() => true), ended.then(() => false)]);
  if (!isServing) throw new Error(said);
  return child;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

interface Answer {
  readonly status: number;
  readonly said: string;
}

interface Question {
  readonly key?: string;
  readonly values?: readonly number[];
}

/** Asks the model server, or the gateway before it, about one applicant. */
const asker =
  (origin: string) =>
  async ({ key, values = applicant }: Question = {}): Promise<Answer> => {
    const data = values.map((value) => (Number.isNaN(value) ? 'thirty' : value));
    const inputs = [{ name: 'features', datatype: 'FP32', shape: [1, values.length], data }];
    const headers = {
      'content-type': 'application/json',
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    };
    const options = { method: 'POST', headers, body: JSON.stringify({ inputs }) };
    const response = await fetch(`${origin}/v2/models/credit/infer`, options);
    return { status: response.status, said: saidIn(await response.text()) };
  };

function saidIn(body: string): string {
  const { title, detail, outputs } = JSON.parse(body) as {
    readonly title?: string;
    readonly detail?: string;
    readonly outputs?: readonly { readonly name: string; readonly data: readonly number[] }[];
  };
  if (title !== undefined) return `${title}: ${detail ?? ''}`;
  return (outputs ?? [])
    .map(({ name, data }) => `${name} ${data.map((each) => each.toPrecision(3)).join(', ')}`)
    .join();
}

function line(who: string, { status, said }: Answer, expected?: number): string {
  if (expected !== undefined && status !== expected) throw new Error(`${who}: ${status} ${said}, not ${expected}`);
  const isAnswered = status === 200;
  return `  ${who.padEnd(42)}${styleText(isAnswered ? 'green' : 'yellow', String(status))}  ${said}`;
}

type Asker = ReturnType<typeof asker>;

/** What the gateway adds to one request after the other, in a sentence. */
async function addedTime(gateway: Asker, direct: Asker, key: string): Promise<string> {
  const took = { gateway: [] as number[], direct: [] as number[] };
  for (let count = 0; count < untimed + timed; count += 1) {
    for (const way of ['direct', 'gateway'] as const) {
      const began = performance.now();
      await (way === 'gateway' ? gateway({ key }) : direct());
      if (count >= untimed) took[way].push(performance.now() - began);
    }
  }
  const added = (part: number): string => (quantile(took.gateway, part) - quantile(took.direct, part)).toFixed(2);
  return `The gateway adds ${added(0.5)} ms to such a request, ${added(0.99)} ms at the 99th percentile of ${timed}; ${allowed} ms are allowed.`;
}

const quantile = (values: readonly number[], part: number): number =>
  [...values].sort((one, other) => one - other)[Math.floor(part * (values.length - 1))] ?? Number.NaN;
