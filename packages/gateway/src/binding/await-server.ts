import { get } from 'node:http';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const betweenMs = 100;
const answerMs = 2000;

/** A port of this machine that nobody listens on now. Somebody may before the server does: whose it is is looked at afterwards. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as { readonly port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Asks until the answer is 2xx. False when it is not in time, or stopped. */
export async function answers(
  { port, path }: { readonly port: number; readonly path: string },
  untilMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  while (!signal.aborted && performance.now() < untilMs) {
    if (await isReady(port, path, signal)) return true;
    await sleep(betweenMs, undefined, { signal }).catch(() => undefined);
  }
  return false;
}

async function isReady(port: number, path: string, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const no = (): void => {
      resolve(false);
    };
    const request = get({ host: '127.0.0.1', port, path, agent: false, timeout: answerMs, signal }, (response) => {
      response.resume();
      resolve((response.statusCode ?? 500) >= 200 && (response.statusCode ?? 500) < 300);
    });
    request.on('timeout', () => {
      request.destroy();
    });
    request.on('error', no);
  });
}
