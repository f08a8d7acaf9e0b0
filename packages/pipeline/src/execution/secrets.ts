import { closeSync, constants, fstatSync, mkdirSync, openSync, readSync, realpathSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { type SecretDeclaration, variableOf } from '@holdfast/contracts';
import { PipelineError } from '../errors.ts';
import { diskError, systemCode } from './disk.ts';
import { weaknessOf } from './secret-weakness.ts';

/**
 * A secret with its value. The value is in no property, so that printing, inspecting or serialising what holds it does
 * not show it.
 */
export class Secret {
  readonly name: string;
  readonly as: SecretDeclaration['as'];
  readonly #content: Uint8Array;

  constructor(name: string, as: SecretDeclaration['as'], content: Uint8Array) {
    this.name = name;
    this.as = as;
    this.#content = content;
  }

  /** What is handed over, byte for byte. */
  get content(): Uint8Array {
    return this.#content;
  }

  /** What must not be seen: the content without white space around it. */
  get value(): Uint8Array {
    const isSpace = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
    const from = this.#content.findIndex((byte) => !isSpace(byte));
    const to = this.#content.findLastIndex((byte) => !isSpace(byte));
    return from === -1 ? new Uint8Array() : this.#content.subarray(from, to + 1);
  }
}

/** Where secrets are found. */
export interface SecretSources {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Absolute path: what lies in it is hashed, signed and committed, so no secret may. */
  readonly project: string;
}

const mostBytes = 64 * 1024;
const mostBytesTogether = 128 * 1024;

/**
 * Reads the secrets that a stage declares. To be called when they are needed, and for every run again.
 *
 * @throws PipelineError HF_SECRET_MISSING, HF_SECRET_EXPOSED, HF_SECRET_UNUSABLE, HF_SECRET_WEAK; no message holds a value.
 */
export function readSecrets(declared: readonly SecretDeclaration[], sources: SecretSources): readonly Secret[] {
  const secrets = declared.map((declaration) => readSecret(declaration, sources));
  const total = secrets.reduce((sum, { content }) => sum + content.length, 0);
  if (total > mostBytesTogether) throw unusable(`the secrets together are larger than \`${mostBytesTogether}\` bytes`);
  for (const secret of secrets) requireStrong(secret, declared);
  return secrets;
}

function readSecret(declaration: SecretDeclaration, { environment, project }: SecretSources): Secret {
  const { name, from, as } = declaration;
  const content = 'env' in from ? readVariable(name, from.env, environment) : readSecretFile(name, from.file, project);
  if (as === 'file') return new Secret(name, as, content);
  const text = withoutNewline(content);
  if (text.includes(0)) throw unusable(`the secret \`${name}\` holds a NUL, which no variable can`, asFile);
  if (!isUtf8(text)) throw unusable(`the secret \`${name}\` is no text`, asFile);
  return new Secret(name, as, text);
}

const asFile = 'hand it over with `as: file`';

function readVariable(name: string, variable: string, environment: SecretSources['environment']): Uint8Array {
  const value = environment[variable] ?? '';
  if (value === '') {
    throw new PipelineError('HF_SECRET_MISSING', `the secret \`${name}\` is missing: \`${variable}\` is not set`, {
      fix: `set the variable ${variable} where Holdfast is started, or name another source under \`secrets:\``,
    });
  }
  // bytes that are no UTF-8 have become this already
  if (value.includes('\u{FFFD}')) throw unusable(`the secret \`${name}\` in \`${variable}\` is not UTF-8`);
  const bytes = Buffer.from(value);
  if (bytes.length > mostBytes) throw unusable(`the secret \`${name}\` is larger than \`${mostBytes}\` bytes`);
  return bytes;
}

/** Bounded, and never waits: a pipe or device is refused. */
function readSecretFile(name: string, declared: string, project: string): Uint8Array {
  const path = declared.startsWith('~/') ? join(homedir(), declared.slice(2)) : declared;
  const descriptor = openSecretFile(name, path);
  try {
    requirePrivate(name, path, descriptor, project);
    const room = Buffer.alloc(mostBytes + 1);
    let length = 0;
    for (let more = -1; more !== 0 && length < room.length; length += more) {
      more = readSync(descriptor, room, length, room.length - length, null);
    }
    if (length > mostBytes) throw unusable(`the file \`${path}\` is larger than \`${mostBytes}\` bytes`);
    if (length === 0) throw missing(name, `the file \`${path}\` is empty`, path);
    return Uint8Array.from(room.subarray(0, length));
  } finally {
    closeSync(descriptor);
  }
}

function openSecretFile(name: string, path: string): number {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') throw missing(name, `there is no file \`${path}\``, path);
    const reason = systemCode(error) || 'it cannot be opened';
    throw unusable(`the file \`${path}\` of the secret \`${name}\` cannot be read: ${reason}`);
  }
}

function requirePrivate(name: string, path: string, descriptor: number, project: string): void {
  const entry = fstatSync(descriptor);
  if (!entry.isFile()) throw unusable(`\`${path}\` of the secret \`${name}\` is no plain file`);
  // as OpenSSH judges a private key: what belongs to somebody else, such as a secret that a container was given, is theirs
  if (entry.uid === process.getuid?.() && (entry.mode & 0o077) !== 0) {
    throw new PipelineError(
      'HF_SECRET_EXPOSED',
      `other users can reach the file \`${path}\` of the secret \`${name}\``,
      {
        where: path,
        fix: `chmod 600 ${path}`,
      },
    );
  }
  const inside = relative(realpathSync(project), realpathSync(path));
  if (inside !== '..' && !inside.startsWith(`..${sep}`)) {
    throw unusable(`the file \`${path}\` of the secret \`${name}\` lies in the project`, 'move it out of the project');
  }
}

function requireStrong({ name, value }: Secret, declared: readonly SecretDeclaration[]): void {
  const weakness = weaknessOf(
    value,
    declared.map((other) => other.name),
  );
  if (weakness === undefined) return;
  throw new PipelineError('HF_SECRET_WEAK', `the secret \`${name}\` ${weakness}`);
}

function withoutNewline(content: Uint8Array): Uint8Array {
  if (content.at(-1) !== 0x0a) return content;
  return content.subarray(0, content.at(-2) === 0x0d ? -2 : -1);
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** How a command finds its secrets. */
export interface Handover {
  readonly environment: Readonly<Record<string, string>>;
  /** Absolute paths, in the temporary folder of the run. */
  readonly files: readonly string[];
}

/**
 * Prepares the variables of a run's secrets, and writes the files of those that are handed over as one, for this user
 * only. They go with the temporary folder.
 *
 * @throws PipelineError HF_RUN_SPAWN, HF_RUN_DISK_FULL.
 */
export function handOver(secrets: readonly Secret[], temporary: string): Handover {
  const folder = join(temporary, 'secrets');
  const files = new Map(secrets.filter(({ as }) => as === 'file').map((secret) => [secret, join(folder, secret.name)]));
  try {
    if (files.size > 0) mkdirSync(folder, { mode: 0o700 });
    for (const [{ content }, path] of files) writeFileSync(path, content, { mode: 0o400, flag: 'wx' });
  } catch (error) {
    throw diskError(error, folder, 'HF_RUN_SPAWN');
  }
  const variables = secrets.map((secret) => {
    return [variableOf(secret), files.get(secret) ?? Buffer.from(secret.content).toString('utf8')] as const;
  });
  return { environment: Object.fromEntries(variables), files: [...files.values()] };
}

function missing(name: string, why: string, where: string): PipelineError {
  return new PipelineError('HF_SECRET_MISSING', `the secret \`${name}\` is missing: ${why}`, {
    where,
    fix: `put the secret into ${where}, or name another source under \`secrets:\``,
  });
}

function unusable(message: string, fix?: string): PipelineError {
  return new PipelineError('HF_SECRET_UNUSABLE', message, fix === undefined ? {} : { fix });
}
