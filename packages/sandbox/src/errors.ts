/** Every way in which the sandbox refuses: exit code of the command, what it means, what to do. */
export const sandboxErrors = {
  HF_SANDBOX_UNAVAILABLE: {
    exit: 3,
    meaning:
      'This machine cannot give the level of isolation that is demanded: what it needs is missing, too old, or lets things through.',
    fix: 'run `holdfast doctor`: it tells which levels this machine has, and how to get the others',
  },
  HF_SANDBOX_PLATFORM: {
    exit: 3,
    meaning: 'There is no system call filter for this processor or operating system.',
    fix: 'use Linux on x86_64 or aarch64',
  },
  HF_SANDBOX_TOOLCHAIN: {
    exit: 2,
    meaning:
      'A program of the toolchain was not found or cannot be recorded, or binding it would show the sandbox too much.',
    fix: 'install the program, or name another one in `toolchain:` of the stage',
  },
  HF_SANDBOX_INPUT: {
    exit: 2,
    meaning:
      'An input cannot be bound into the sandbox: it is missing, reserved, a special file, or holds more than inputs.',
    fix: 'declare the files and folders that the command reads, one by one',
  },
  HF_SANDBOX_OVERLAP: {
    exit: 2,
    meaning: 'An output lies inside an input or an input inside an output; one is read-only and the other is not.',
    fix: 'write outputs to a folder of their own',
  },
  HF_SANDBOX_OUTPUT: {
    exit: 1,
    meaning: 'An output is missing, is not a plain file or folder, or would lead out of the project.',
    fix: 'let the command write plain files; nothing was adopted',
  },
  HF_SANDBOX_OUTPUT_LIMIT: {
    exit: 1,
    meaning: 'The outputs have more bytes, entries or levels than they may have.',
    fix: 'raise the limit of the stage if its size is meant; nothing was adopted',
  },
  HF_SANDBOX_REQUEST: {
    exit: 2,
    meaning:
      'What was asked of the sandbox is not well formed: a path that is not absolute, a limit that is no number.',
    fix: 'correct the stage in holdfast.yaml',
  },
  HF_SANDBOX_GPU: {
    exit: 3,
    meaning: 'Accelerators were asked for that this machine does not have, or does not show.',
    fix: 'install the driver, run it on a machine that has one, or ask for `gpu: none`',
  },
  HF_SANDBOX_START: {
    exit: 3,
    meaning: 'The sandbox could not be started.',
    fix: 'run `holdfast doctor`: it tells what this machine can enforce',
  },
} as const satisfies Record<string, { exit: 1 | 2 | 3; meaning: string; fix: string }>;

export type SandboxErrorCode = keyof typeof sandboxErrors;

/** Why the sandbox refused. `where` names the path or the program. */
export class SandboxError extends Error {
  override readonly name = 'SandboxError';
  readonly code: SandboxErrorCode;
  readonly fix: string;
  readonly exit: 1 | 2 | 3;
  readonly where?: string;

  constructor(code: SandboxErrorCode, message: string, more: { where?: string; fix?: string; cause?: unknown } = {}) {
    super(message, more.cause === undefined ? {} : { cause: more.cause });
    this.code = code;
    this.fix = more.fix ?? sandboxErrors[code].fix;
    this.exit = sandboxErrors[code].exit;
    if (more.where !== undefined) this.where = more.where;
  }
}

/** A name from a file or a command as a message shows it: in backticks, short, without what a terminal would obey. */
export function shown(text: string): string {
  const safe = Array.from(text.slice(0, 201), (character) =>
    /[\p{C}\p{Zl}\p{Zp}]/u.test(character) ? '\u{FFFD}' : character,
  );
  return `\`${safe.slice(0, 200).join('')}${safe.length > 200 ? '…' : ''}\``;
}

/** What went wrong while something was made ready, as an error of this package: HF_SANDBOX_START unless it is one. */
export function notPrepared(error: unknown): SandboxError {
  if (error instanceof SandboxError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new SandboxError('HF_SANDBOX_START', `the sandbox could not be prepared: ${shown(reason)}`, { cause: error });
}
