/** Every way in which a scan refuses to begin; what it finds in a file is never an error. */
export const scanErrors = {
  HF_SCAN_PATH: {
    exit: 2,
    meaning: 'There is nothing to scan where a path leads.',
    fix: 'name a file or a folder that exists',
  },
  HF_SCAN_ALLOW: {
    exit: 2,
    meaning: 'What is to be allowed is neither the full name of a callable nor the SHA-256 of a file.',
    fix: 'name it as `package.module.Class` or `sha256:` and 64 hexadecimal digits',
  },
  HF_SCAN_INTERRUPTED: {
    exit: 3,
    meaning: 'The scan was interrupted before it ended.',
    fix: 'run it again',
  },
} as const satisfies Record<string, { exit: 1 | 2 | 3; meaning: string; fix: string }>;

export type ScanErrorCode = keyof typeof scanErrors;

export class ScanError extends Error {
  override readonly name = 'ScanError';
  readonly code: ScanErrorCode;
  readonly fix: string;
  readonly exit: 1 | 2 | 3;

  constructor(code: ScanErrorCode, message: string, more: { fix?: string; cause?: unknown } = {}) {
    super(message, more.cause === undefined ? {} : { cause: more.cause });
    this.code = code;
    this.fix = more.fix ?? scanErrors[code].fix;
    this.exit = scanErrors[code].exit;
  }
}
