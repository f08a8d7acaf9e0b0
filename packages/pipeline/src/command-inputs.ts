import { lstatSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { PipelineError } from './errors.ts';

/** What a command without a configuration may read. */
export interface CommandInputs {
  /** Posix paths relative to the folder, sorted. */
  readonly inputs: readonly string[];
  /** What looks like a secret, leads out of the folder, or is no plain file: not shown to the command. */
  readonly left: readonly string[];
}

/** Made by tools, or part of the toolchain, or of Holdfast. */
const ignored = new Set([
  ...['.git', '.hg', '.svn', '.holdfast', 'node_modules', '.venv', 'venv', '__pycache__', '.ipynb_checkpoints'],
  ...['.mypy_cache', '.pytest_cache', '.ruff_cache', '.tox', '.cache', '.DS_Store'],
]);

/** Part of the project, not of what its commands work with. */
const own = new Set(['holdfast.yaml', 'policy/trust.json']);

/** Names under which people keep keys and passwords; one that a command needs is named with `--input`. */
const secret =
  /^(?:\.env(?:\..*)?|\.netrc|\.pgpass|\.npmrc|\.pypirc|\.git-credentials|\.aws|\.ssh|\.gnupg|\.kube|id_(?:rsa|dsa|ecdsa|ed25519)|.*\.(?:key|p12|pfx|jks|keystore)|.*credentials.*\.json|secrets?\.(?:json|ya?ml|toml))$/i;

/** A certificate is no secret; the key beside it is, and both are called `.pem`. */
const maybeSecret = /\.(?:pem|crt|cer)$/i;
const mostPem = 1 << 20;

function looksSecret(path: string, name: string): boolean {
  if (secret.test(name)) return true;
  if (!maybeSecret.test(name)) return false;
  const entry = lstatSync(path);
  return !entry.isFile() || entry.size > mostPem || readFileSync(path, 'latin1').includes('PRIVATE KEY');
}

const mostInputs = 2000;
const mostFiles = 200_000;
const mostDepth = 64;
/** A folder with more files of its own is shown as a whole: nothing new can be written into it then. */
const largeFolder = 200;

/**
 * Finds what a command may be shown that nobody declared inputs of: every file of the folder, one by one, so that new
 * ones can be written beside them, except what tools keep there, what looks like a secret, and what earlier runs of
 * the same command wrote.
 *
 * @param outputs posix paths that are left out
 * @throws PipelineError HF_RUN_UNDECLARED when there are too many
 */
export function findInputs(folder: string, outputs: readonly string[]): CommandInputs {
  const walk = new Walk(folder, new Set(outputs));
  walk.look('', 0);
  if (walk.inputs.length > mostInputs) throw tooMany(`\`${folder}\` holds more than ${mostInputs} files`);
  return { inputs: walk.inputs.sort(), left: walk.left.sort() };
}

class Walk {
  readonly inputs: string[] = [];
  readonly left: string[] = [];
  readonly #folder: string;
  readonly #outputs: ReadonlySet<string>;
  #files = 0;

  constructor(folder: string, outputs: ReadonlySet<string>) {
    this.#folder = realpathSync(folder);
    this.#outputs = outputs;
  }

  look(prefix: string, depth: number): void {
    if (depth > mostDepth) throw tooMany(`\`${prefix}\` is nested too deeply`);
    const entries = readdirSync(join(this.#folder, prefix), { withFileTypes: true });
    this.#files += entries.length;
    if (this.#files > mostFiles) throw tooMany(`\`${this.#folder}\` holds more than ${mostFiles} files`);
    const plain =
      entries.every(({ name }) => !secret.test(name) && !maybeSecret.test(name)) &&
      entries.every((entry) => entry.isFile());
    const isWhole = prefix !== '' && plain && entries.length > largeFolder && !this.#holdsOutput(prefix);
    if (isWhole) this.inputs.push(prefix);
    else
      for (const entry of entries)
        this.#entry(prefix === '' ? entry.name : `${prefix}/${entry.name}`, entry.name, depth);
  }

  #entry(path: string, name: string, depth: number): void {
    if (ignored.has(name) || own.has(path) || this.#outputs.has(path)) return;
    const entry = lstatSync(join(this.#folder, path), { throwIfNoEntry: false });
    if (looksSecret(join(this.#folder, path), name)) this.left.push(path);
    else if (entry?.isDirectory() === true) this.look(path, depth + 1);
    else if (entry?.isFile() === true) this.inputs.push(path);
    else this.left.push(path);
  }

  #holdsOutput(prefix: string): boolean {
    return [...this.#outputs].some((output) => output.startsWith(`${prefix}/`));
  }
}

function tooMany(message: string): PipelineError {
  return new PipelineError('HF_RUN_UNDECLARED', message);
}
