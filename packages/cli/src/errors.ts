/** Every error that the command line itself raises. */
export const cliErrors = {
  HF_CLI_USAGE: {
    exit: 2,
    meaning: 'the command line was not understood',
    fix: '`holdfast --help` lists the commands',
  },
  HF_CLI_COMMAND: { exit: 2, meaning: 'there is no such command', fix: '`holdfast --help` lists the commands' },
  HF_CLI_DISK_FULL: { exit: 3, meaning: 'the disk is full', fix: 'free some space and run the command again' },
  HF_CLI_PERMISSION: { exit: 3, meaning: 'a file may not be read or written', fix: 'check its owner and mode' },
  HF_CLI_NOT_FOUND: { exit: 3, meaning: 'a path does not lead to what is needed there', fix: 'check the path' },
  HF_CLI_EXISTS: {
    exit: 2,
    meaning: 'a file of that name is there already',
    fix: 'name another one, or replace it with --force',
  },
  HF_CLI_INTERNAL: {
    exit: 3,
    meaning: 'something went wrong that Holdfast did not foresee',
    fix: 'run the command again with --debug and report what it says',
  },
  HF_CLI_NOTHING_KNOWN: {
    exit: 3,
    meaning: 'there is no evidence about these bytes',
    fix: '`holdfast run` makes evidence; `holdfast verify --public-key FILE` checks a model signature alone',
  },
  HF_CLI_TRUST_NEEDED: {
    exit: 2,
    meaning: 'an archive says nothing without somebody’s trust file',
    fix: 'name it: --trust FILE; `holdfast key trust --export` writes one',
  },
} as const satisfies Record<string, { exit: 1 | 2 | 3; meaning: string; fix: string }>;

export type CliErrorCode = keyof typeof cliErrors;

export class CliError extends Error {
  readonly code: CliErrorCode;
  readonly fix: string;
  readonly exit: 1 | 2 | 3;
  readonly where: string | undefined;

  constructor(code: CliErrorCode, message: string, options: { where?: string; fix?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'CliError';
    this.code = code;
    this.fix = options.fix ?? cliErrors[code].fix;
    this.exit = cliErrors[code].exit;
    this.where = options.where;
  }
}
