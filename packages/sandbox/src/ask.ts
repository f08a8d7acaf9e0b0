import { execFile } from 'node:child_process';

/**
 * What a program of this machine says, or `undefined` when it is missing, fails, is slow or talks too much.
 *
 * @param program Absolute path: the `PATH` may lead into a project.
 */
export function ask(
  program: string,
  options: readonly string[],
  cwd = '/',
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<string | undefined> {
  const limits = { cwd, timeout: 20_000, maxBuffer: 4 << 20, killSignal: 'SIGKILL' } as const;
  return new Promise((resolve) => {
    execFile(program, options, { ...limits, env: environment, encoding: 'utf8' }, (error, stdout) => {
      resolve(error === null ? stdout : undefined);
    });
  });
}
