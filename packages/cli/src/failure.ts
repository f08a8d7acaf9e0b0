import type { Exit } from './command.ts';
import { CliError } from './errors.ts';

/** An error as a person or a program is told of it. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly where: string | undefined;
  readonly fix: string | undefined;
  readonly exit: Exit;
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
  const { code, message, where, fix, exit } = known;
  return { code, message, where, fix, exit: exit ?? 3 };
}

function fromSystem(error: unknown): CodedError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const message = error instanceof Error ? error.message : String(error);
  if (code === 'ENOSPC') return new CliError('HF_CLI_DISK_FULL', message, { cause: error });
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return new CliError('HF_CLI_PERMISSION', message, { cause: error });
  if (code === 'ENOENT') return new CliError('HF_CLI_NOT_FOUND', message, { cause: error });
  return new CliError('HF_CLI_INTERNAL', message, { cause: error });
}

/** The lines that tell a person: what, where, what to do. */
export function failureLines({ code, message, where, fix }: Failure): string[] {
  return [
    `holdfast: ${message}`,
    ...(where === undefined ? [] : [`  at    ${where}`]),
    ...(fix === undefined ? [] : [`  Do:   ${fix}`]),
    `  code  ${code}`,
  ];
}
