import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readModel, tensor, writeModel } from '@holdfast/onnx';
import { bin, type Scene } from './scene.ts';

/** What a process has said so far, and a line of it once it is there. */
export interface Speaker {
  readonly child: ChildProcess;
  said(): string;
  line(pattern: RegExp): Promise<RegExpExecArray>;
}

export function speaker(child: ChildProcess): Speaker {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (piece: Buffer) => {
      text += piece.toString();
    });
  }
  const line = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (const until = performance.now() + 60_000; performance.now() < until; ) {
      const found = pattern.exec(text);
      if (found !== null) return found;
      await sleep(10);
    }
    throw new Error(`never said ${pattern}: ${text}`);
  };
  return { child, said: () => text, line };
}

export async function ended({ child }: Speaker, signal: NodeJS.Signals = 'SIGINT'): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode;
  const exit = once(child, 'exit');
  child.kill(signal);
  const [code] = (await exit) as [number | null];
  return code;
}

export const exampleServer = join(import.meta.dirname, '../../../examples/gateway/server.ts');
export const serverFlags = ['--conditions=source', '--disable-warning=ExperimentalWarning'];

/** The weights of the written logistic model, turned around: another model of the same signature. */
function turnedModel(bytes: Uint8Array): Uint8Array {
  const model = readModel(bytes);
  const initializers = new Map(model.graph.initializers);
  initializers.set('w', tensor('w', [3, 1], Float32Array.of(-0.5, -1.5, -2.5)));
  return writeModel({ ...model, graph: { ...model.graph, initializers } });
}

const second = `  next: { path: build/next, kind: model, risk: medium }
stages:
  train-next:
    owner: builder
    command: sh train-next.sh
    inputs: [build/train.csv, train-next.sh, next.onnx]
    outputs: [next]
  evaluate-next:
    owner: builder
    command: sh evaluate-next.sh
    inputs: [next, build/test.csv, evaluate-next.sh]
    metrics: build/metrics-next.json
`;

/** A project of two models, run and signed, each with an approval, and 40 rows of what they take. */
export async function twoModels(scene: Scene): Promise<string> {
  const folder = scene.pipeline();
  const own = (name: string): string => join(folder, name);
  writeFileSync(own('next.onnx'), turnedModel(readFileSync(own('logistic.onnx'))));
  for (const name of ['train', 'evaluate']) {
    const text = readFileSync(own(`${name}.sh`), 'utf8');
    const renamed = text.replaceAll('build/model', 'build/next').replaceAll('metrics.json', 'metrics-next.json');
    writeFileSync(own(`${name}-next.sh`), renamed.replaceAll('logistic.onnx', 'next.onnx'));
  }
  const yaml = readFileSync(own('holdfast.yaml'), 'utf8').replace('stages:\n', second);
  writeFileSync(own('holdfast.yaml'), yaml.replace('  model: [scan]\n', '  model: [scan]\n  next: [scan]\n'));
  const rows = Array.from({ length: 40 }, (_, at) => `${at / 7},${(at * 5) % 11},${1 / (at + 1)}`);
  writeFileSync(own('rows.csv'), `a,b,c\n${rows.join('\n')}\n`);
  const commands = [
    'holdfast init --yes --roles authority,builder',
    'holdfast key create checker --roles checker',
    'holdfast key create approver --roles approver',
    'holdfast run',
    ...['sign model', 'sign next', 'approve model', 'approve next'].map((each) => `holdfast ${each}`),
  ];
  const { status, stdout, stderr } = await scene.type(commands.join(' && '), folder);
  if (status !== 0) throw new Error(`the project cannot be prepared:\n${stdout}${stderr}`);
  return folder;
}

/** Writes what a gateway is to serve. */
export function declare(folder: string, routes: string, more = ''): void {
  const text = `gateway:\n  listen: { port: 0 }\n${more}  routes:\n    - ${routes}\n`;
  appendFileSync(join(folder, 'holdfast.yaml'), text);
}

/** Processes of one test file. */
export class Processes {
  readonly #running: ChildProcess[] = [];
  readonly #scene: Scene;

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  /** The small real model server of the example. */
  async server(file: string): Promise<{ readonly origin: string; readonly server: Speaker }> {
    const server = this.#start([...serverFlags, exampleServer, file, 'model', '0'], join(exampleServer, '..'));
    return { server, origin: `http://127.0.0.1:${(await server.line(/model server on (\d+)/))[1] ?? ''}` };
  }

  /** A gateway with one route, or several. */
  async gateway(
    folder: string,
    routes: string,
    more = '',
  ): Promise<{ readonly origin: string; readonly gateway: Speaker }> {
    declare(folder, routes, more);
    return this.again(folder);
  }

  /** One more, as it is declared. */
  async again(
    folder: string,
    env: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly origin: string; readonly gateway: Speaker }> {
    const gateway = this.#start([bin, 'gateway'], folder, this.#scene.environment(env));
    return { gateway, origin: (await gateway.line(/gateway {2}(http:\S+)/))[1] ?? '' };
  }

  stop(): void {
    for (const child of this.#running) child.kill('SIGKILL');
  }

  #start(words: readonly string[], cwd: string, env?: NodeJS.ProcessEnv): Speaker {
    const child = spawn(process.execPath, [...words], { cwd, ...(env === undefined ? {} : { env }) });
    this.#running.push(child);
    return speaker(child);
  }
}

const request = { inputs: [{ name: 'x', shape: [1, 3], datatype: 'FP32', data: [0.5, 1, -2] }] };

/** The probability, or the status and the code of the refusal. A gateway that reads changed evidence on a busy machine is asked again. */
export async function infer(origin: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  let said = await inferOnce(origin, headers);
  for (let times = 0; times < 200 && said.includes('evidence-changed'); times += 1) {
    await sleep(50);
    said = await inferOnce(origin, headers);
  }
  return said;
}

async function inferOnce(origin: string, headers: Readonly<Record<string, string>>): Promise<string> {
  const response = await fetch(`${origin}/v2/models/model/infer`, {
    ...{ method: 'POST', body: JSON.stringify(request) },
    headers: { 'content-type': 'application/json', ...headers },
  });
  const answer = (await response.json()) as { outputs?: { data: number[] }[]; title?: string; detail?: string };
  return answer.outputs === undefined
    ? `${response.status} ${answer.title ?? ''} ${answer.detail ?? ''}`
    : (answer.outputs[0]?.data[0] ?? Number.NaN).toFixed(4);
}

/** A project like another, whose gate says the same. */
export function copied(scene: Scene, prepared: string): string {
  const folder = scene.folder();
  cpSync(prepared, folder, { recursive: true, preserveTimestamps: true });
  return folder;
}
