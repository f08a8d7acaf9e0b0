import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { deserialize, serialize } from 'node:v8';
import type { TensorData } from '@holdfast/inference';
import { GatewayError } from '../errors.ts';

/** What the program is told, and what it says. */
export interface OwnRun {
  readonly file: string;
  readonly feeds: readonly Readonly<Record<string, TensorData>>[];
}
export type OwnRunAnswer =
  | { readonly outputs: readonly Readonly<Record<string, TensorData>>[] }
  | { readonly failure: string };

const patienceMs = 60_000;
const mostBytes = 256 * 2 ** 20;

/** As source beside this source, as JavaScript beside this JavaScript. */
const isSource = import.meta.url.endsWith('.ts');
const program = fileURLToPath(new URL(isSource ? './own-run.ts' : './own-run.js', import.meta.url));

/**
 * Runs an ONNX file in a process of its own, once for each feed.
 * @throws GatewayError HF_GATEWAY_CONFIGURATION where it cannot be run
 */
export async function ownAnswers(run: OwnRun): Promise<readonly Readonly<Record<string, TensorData>>[]> {
  const answer = deserialize(await said(serialize(run))) as OwnRunAnswer;
  if ('outputs' in answer) return answer.outputs;
  throw cannot(answer.failure);
}

async function said(order: Buffer): Promise<Buffer> {
  const flags = ['--disable-warning=ExperimentalWarning', ...(isSource ? ['--conditions=source'] : [])];
  const child = spawn(process.execPath, [...flags, program], {
    env: { PATH: '/usr/bin:/bin' },
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: patienceMs,
    killSignal: 'SIGKILL',
  });
  const pieces: Buffer[] = [];
  let length = 0;
  let complaint = '';
  child.stderr.on('data', (piece: Buffer) => {
    complaint = (complaint + piece.toString()).slice(-500);
  });
  child.stdout.on('data', (piece: Buffer) => {
    length += piece.length;
    if (length > mostBytes) child.kill('SIGKILL');
    else pieces.push(piece);
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(order);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code === 0 && pieces.length > 0) return Buffer.concat(pieces);
  throw cannot(complaint.trim() === '' ? 'its process ended' : complaint.trim());
}

const cannot = (why: string): GatewayError =>
  new GatewayError('HF_GATEWAY_CONFIGURATION', `the model cannot be run to compare with: ${why}`);
