import { execFile } from 'node:child_process';

/** What a program of this machine says, or `undefined` when it is missing, fails, is slow or talks too much. */
export function ask(program: string, options: readonly string[], cwd = '/'): Promise<string | undefined> {
  const limits = { cwd, timeout: 20_000, maxBuffer: 4 << 20, killSignal: 'SIGKILL' } as const;
  return new Promise((resolve) => {
    execFile(program, options, { ...limits, encoding: 'utf8' }, (error, stdout) => {
      resolve(error === null ? stdout : undefined);
    });
  });
}
