import type { Exit } from './command.ts';
import { CliError, type CliErrorCode } from './errors.ts';
import { labelled } from './wrap.ts';

/** An error as a person or a program is told of it. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly where: string | undefined;
  readonly fix: string | undefined;
  readonly exit: Exit;
  /** The exit status of a command that failed by itself. */
  readonly status?: number;
}

/** The shape that the errors of every package share; they are told apart by their code. */
interface CodedError extends Error {
  readonly code: string;
  readonly fix?: string | undefined;
  readonly where?: string | undefined;
  readonly exit?: Exit | undefined;
}

function isCoded(error: unknown): error is CodedError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('HF_');
}

/** What went wrong, in words; an error of the system gets the code of what it means. */
export function failureOf(error: unknown): Failure {
  const known = isCoded(error) ? error : fromSystem(error);
  const { code, message, where, fix, exit, cause } = known;
  const own = typeof cause === 'object' && cause !== null && 'status' in cause ? cause.status : undefined;
  const status = typeof own === 'number' ? { status: own } : {};
  return { code, message, where, fix, exit: exit ?? 3, ...status };
}

/** What errors of the system mean: errno(3). */
const systemErrors: Readonly<Record<string, readonly [code: CliErrorCode, words: string]>> = {
  ENOSPC: ['HF_CLI_DISK_FULL', 'the disk is full'],
  EDQUOT: ['HF_CLI_DISK_FULL', 'the quota of the disk is used up'],
  EACCES: ['HF_CLI_PERMISSION', 'access is denied'],
  EPERM: ['HF_CLI_PERMISSION', 'it is not permitted'],
  EROFS: ['HF_CLI_PERMISSION', 'the file system is read-only'],
  ENOENT: ['HF_CLI_NOT_FOUND', 'it does not exist'],
  ENOTDIR: ['HF_CLI_NOT_FOUND', 'a part of the path is not a folder'],
  EISDIR: ['HF_CLI_NOT_FOUND', 'it is a folder, not a file'],
  ELOOP: ['HF_CLI_NOT_FOUND', 'its links lead in a circle'],
  ENAMETOOLONG: ['HF_CLI_NOT_FOUND', 'the name is too long'],
};

function fromSystem(error: unknown): CodedError {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const [meaning, words] = systemErrors[code] ?? [];
  if (meaning === undefined || words === undefined) return new CliError('HF_CLI_INTERNAL', message, { cause: error });
  const path = error instanceof Error && 'path' in error ? String(error.path) : undefined;
  return new CliError(meaning, path === undefined ? words : `\`${path}\` cannot be used: ${words}`, { cause: error });
}

/** The lines that tell a person: what, where, what to do. The first problem first, further ones as they were listed. */
export function failureLines({ code, message, where, fix }: Failure): string[] {
  const [first = '', ...more] = message.split('\n');
  return [
    ...labelled('holdfast: ', 10, first),
    ...more,
    ...(where === undefined ? [] : [`  at    ${where}`]),
    ...(fix === undefined ? [] : labelled('  Do:   ', 8, fix)),
    `  code  ${code}`,
  ];
}
