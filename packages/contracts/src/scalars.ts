import { z } from 'zod';
import { expected, refused, shown, unprintable } from './wording.ts';

/** Names of projects, artifacts, stages, checks, owners and environments. */
export const namePattern = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const nameRule = 'is not a name: lower-case letters, digits, `.`, `_` and `-`, at most 64, a letter or digit first';

/** A bounded lower-case name: 1 to 64 characters of `a-z 0-9 . _ -`, a letter or digit first. */
export const name = z.string({ error: expected('a name') }).regex(namePattern, { error: refused(nameRule) });

/** A SHA-256 digest: 64 lower-case hexadecimal digits. */
export const sha256 = z
  .string({ error: expected('a SHA-256 digest of 64 hexadecimal digits') })
  .regex(/^[0-9a-f]{64}$/, { error: refused('is not a SHA-256 digest: 64 lower-case hexadecimal digits') });

/** Text for humans or for a program: 1 to `most` characters on one line, trimmed. */
export function line(what: string, most: number) {
  return z
    .string({ error: expected(what) })
    .trim()
    .min(1, { error: `expected ${what}, found empty text` })
    .max(most, { error: `is longer than ${most} characters` })
    .refine((text) => !unprintable.test(text), {
      error: refused('holds control characters, line breaks or direction marks'),
    });
}

/**
 * What keeps `path` from naming something inside the project, or nothing.
 * Windows drive letters and backslashes are refused everywhere, so that one file means the same on every machine.
 */
export function pathProblem(path: string): string | undefined {
  if (path.length > 1024) return 'is longer than 1024 characters';
  if (unprintable.test(path)) return 'holds control characters or direction marks';
  if (path.includes('\\')) return 'holds a backslash: write `/` between folders';
  if (path.startsWith('/') || /^[a-z]:/i.test(path)) return 'is absolute: paths are relative to the project';
  const parts = segments(path);
  if (parts.includes('..')) return 'leaves the project: `..` is not allowed';
  if (parts.length === 0) return 'is the project itself: name a file or folder in it';
  // The ledger, the evidence and the keys are nobody's input or output. Case folds on some file systems.
  return parts[0]?.toLowerCase() === '.holdfast' ? "is Holdfast's own folder" : undefined;
}

function segments(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}

/**
 * A path inside the project: relative, `/` between folders, no `..`, no control characters, not in `.holdfast`.
 * Parsed to its one normal spelling, without `.`, doubled or trailing slashes.
 * @example projectPath.parse('./build//model/') // 'build/model'
 */
export const projectPath = z
  .string({ error: expected('a path inside the project') })
  .min(1, { error: 'expected a path inside the project, found empty text' })
  .superRefine((path, context) => {
    const problem = pathProblem(path);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: `${shown(path)} ${problem}` });
  })
  .transform((path) => segments(path).join('/'))
  .meta({ pattern: String.raw`^(?!/)(?!.*(^|/)\.\.(/|$))[^\\]+$`, maxLength: 1024 });

const hostLabel = '(?!-)[a-z0-9-]{1,63}(?<!-)';
/** The last label is not all digits: an address is not a name (RFC 1123 section 2.1). */
export const hostPattern = `(?:${hostLabel}\\.)*(?![0-9]+$|[0-9]+:)${hostLabel}`;

/** A bare host name in lower case: no scheme, port or path; not an address. RFC 1123 section 2.1, 253 characters. */
export const hostName = z
  .string({ error: expected('a bare host name such as `credit-risk.example`') })
  .max(253, { error: 'is longer than 253 characters' })
  .regex(new RegExp(`^${hostPattern}$`), {
    error: refused('is not a bare host name: lower case, no scheme, port or path, such as `credit-risk.example`'),
  });
