import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { ask } from './ask.ts';
import { bubblewrapIsolation } from './bubblewrap.ts';
import { tryDenials } from './denial-trial.ts';
import { SandboxError } from './errors.ts';
import { sha256OfFile } from './file-digest.ts';
import { installCommand } from './install-command.ts';
import { readCache, writeCache } from './probe-cache.ts';
import { isOlder } from './version.ts';

/** What this machine can do. */
export interface ProbeResult {
  /** Every denial was tried here, on this kernel, and held. */
  readonly available: boolean;
  /** Of bubblewrap, `0.8.0`. */
  readonly version?: string;
  /** Absolute path of `bwrap`. */
  readonly program?: string;
  /** Lower-case sentences; empty when it is available. */
  readonly problems: readonly string[];
  /** What to do, often a command. */
  readonly fix?: string;
}

export interface ProbeOptions {
  /**
   * Absolute path of `bwrap`; default: what HOLDFAST_BWRAP names, else the first of `/usr/bin`, `/usr/local/bin`,
   * `/bin`. Never searched on the PATH, which a project's tools can write to.
   */
  readonly program?: string;
  /** A file that keeps the result until the machine starts anew or bubblewrap or this package changes. */
  readonly cache?: string;
}

const installBubblewrap = installCommand('bubblewrap', 'install bubblewrap 0.8 or newer');

/** `--disable-userns` came with it. */
const minimumVersion = [0, 8];

/** Changes with what is tried: a result of an earlier version of this file does not count. */
const probeVersion = 1;

/**
 * Finds out whether this machine keeps the promises of the sandbox, by breaking them: a program in a sandbox tries to
 * read canaries in the home folder, in the project outside the inputs, in the environment; to reach a TCP listener
 * and an abstract socket; to write outside; to make a user namespace; to trace a process. Only when each fails, and
 * the input can be read and the output written, `available` is true. Takes about half a second without a cache.
 *
 * Never throws for what the machine lacks: that is in `problems`.
 *
 * @example
 * const probe = await probeSandbox({ cache: '~/.cache/holdfast/sandbox.json' });
 * if (!probe.available) throw new Error(`${probe.problems.join('; ')}: ${probe.fix}`);
 */
export async function probeSandbox(options: ProbeOptions = {}): Promise<ProbeResult> {
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)) {
    const platform = `${process.platform} on ${process.arch}`;
    return unavailable(
      `the sandbox is for Linux on x86_64 and aarch64, this is \`${platform}\``,
      'use a Linux machine',
    );
  }
  const program = options.program ?? process.env['HOLDFAST_BWRAP'] ?? usualPlaces.find((path) => existsSync(path));
  if (program === undefined || !isAbsolute(program) || !existsSync(program))
    return unavailable('bubblewrap is not installed', installBubblewrap);
  const key = await cacheKey(program);
  const known = options.cache === undefined ? undefined : knownResult(readCache(options.cache, key));
  if (known !== undefined) return known;
  const result = await probe(program);
  if (options.cache !== undefined && result.available) {
    writeCache(options.cache, key, { version: result.version, program: result.program });
  }
  return result;
}

/**
 * Like {@link probeSandbox}, for those who cannot go on without.
 *
 * @throws SandboxError HF_SANDBOX_UNAVAILABLE.
 */
export async function requireSandbox(options: ProbeOptions = {}): Promise<{ program: string; version: string }> {
  const { available, program, version, problems, fix } = await probeSandbox(options);
  if (available && program !== undefined && version !== undefined) return { program, version };
  const message = `this machine cannot confine a command: ${problems.join('; ')}`;
  throw new SandboxError('HF_SANDBOX_UNAVAILABLE', message, fix === undefined ? {} : { fix });
}

const usualPlaces = ['/usr/bin/bwrap', '/usr/local/bin/bwrap', '/bin/bwrap'];

async function probe(program: string): Promise<ProbeResult> {
  const version = /^bubblewrap (\d+(?:\.\d+){1,3})$/m.exec((await ask(program, ['--version'])) ?? '')?.[1];
  if (version === undefined) return unavailable(`\`${program}\` does not tell its version`, installBubblewrap);
  if (isOlder(version, minimumVersion))
    return unavailable(`bubblewrap ${version} is too old, 0.8.0 is needed`, installBubblewrap);
  const { problems, complaint } = await tryDenials((toolchain) => bubblewrapIsolation({ program, version, toolchain }));
  if (problems.length === 0) return { available: true, version, program, problems };
  return { available: false, version, program, problems, fix: fixFor(complaint) };
}

function unavailable(problem: string, fix: string): ProbeResult {
  return { available: false, problems: [problem], fix };
}

/** Switches by which kernels and distributions forbid user namespaces, and what turns them. */
const switches = [
  ['/proc/sys/kernel/unprivileged_userns_clone', '0', 'sysctl -w kernel.unprivileged_userns_clone=1'],
  ['/proc/sys/user/max_user_namespaces', '0', 'sysctl -w user.max_user_namespaces=10000'],
  [
    '/proc/sys/kernel/apparmor_restrict_unprivileged_userns',
    '1',
    'give bwrap an AppArmor profile with `userns,` (Ubuntu: package apparmor-profiles, bwrap-userns-restrict)',
  ],
] as const;

function fixFor(complaint: string): string {
  const closed = switches.find(([path, value]) => existsSync(path) && readFileSync(path, 'utf8').trim() === value);
  if (closed !== undefined) return closed[2];
  if (/mount proc/i.test(complaint)) return 'in a container: start it with `--security-opt systempaths=unconfined`';
  if (/namespace|Operation not permitted/i.test(complaint)) {
    return 'allow user namespaces; in a container: start it with a seccomp profile that allows unshare and mount';
  }
  return 'use isolation `container` on this machine, and report which denial did not hold';
}

async function cacheKey(program: string): Promise<string> {
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return [probeVersion, boot, process.geteuid?.() ?? 0, await sha256OfFile(program)].join(' ');
}

function knownResult(kept: Readonly<Record<string, unknown>> | undefined): ProbeResult | undefined {
  const { version, program } = kept ?? {};
  const isKnown = typeof version === 'string' && typeof program === 'string';
  return isKnown ? { available: true, version, program, problems: [] } : undefined;
}
