import { createServer, type Server } from 'node:net';
import type { Isolation } from './isolation.ts';
import { launch } from './launch.ts';
import type { Toolchain } from './toolchain.ts';
import { nodeOnly, TrialScene } from './trial-scene.ts';

/** What a trial found. */
export interface DenialResult {
  /** One sentence for each promise that did not hold. */
  readonly problems: readonly string[];
  /** What the isolation wrote to standard error. */
  readonly complaint: string;
}

/** Tries, in an isolation on this machine, what it must deny. */
export async function tryDenials(isolationOf: (toolchain: Toolchain) => Isolation): Promise<DenialResult> {
  const scene = new TrialScene();
  const isolation = isolationOf(nodeOnly());
  const what = isolation.level === 'vm' ? 'virtual machine' : isolation.level;
  try {
    const listener = await listen({ host: '127.0.0.1', port: 0 });
    const abstract = await listen({ path: `\0${scene.name}` });
    try {
      const address = listener.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      const command = await isolation.wrap(scene.denials(port));
      const { code, stdout, stderr } = await launch(command, { timeoutMs: 30_000 });
      const done = code === 0 ? stringsOf(stdout) : undefined;
      if (done === undefined)
        return { problems: [`a ${what} could not be started: ${firstLine(stderr)}`], complaint: stderr };
      return { problems: problemsOf(done, what), complaint: stderr };
    } finally {
      listener.close();
      abstract.close();
    }
  } catch (error) {
    const complaint = error instanceof Error ? error.message : String(error);
    return { problems: [`the ${what} could not be tried: ${complaint}`], complaint };
  } finally {
    scene.remove();
  }
}

/** What must work, by the word that the script prints. */
const wanted = { 'read-input': 'an input could not be read', 'write-output': 'an output could not be written' };

function problemsOf(done: readonly string[], what: string): string[] {
  const missing = Object.entries(wanted).filter(([name]) => !done.includes(name));
  const escaped = done.filter((name) => !(name in wanted));
  return [...missing.map(([, problem]) => problem), ...escaped.map((name) => `the ${what} does not stop \`${name}\``)];
}

function listen(options: { host: string; port: number } | { path: string }): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(options, () => {
      resolve(server);
    });
  });
}

function stringsOf(text: string): string[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined;
  } catch {
    return undefined;
  }
}

function firstLine(text: string): string {
  return text.split('\n')[0]?.slice(0, 300) ?? '';
}
