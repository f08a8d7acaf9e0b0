import type { DigestCache } from '@holdfast/evidence/digest/cache';
import { contentDigests } from './content-digests.ts';
import type { DebianPackages } from './debian-packages.ts';
import { distributionsIn } from './distributions.ts';
import type { RootKind, VisibleRoot } from './found-program.ts';
import { ChangedMeanwhile, digestListing, type ListedFile, listFiles } from './listing.ts';

/** A folder or file that the sandbox shows, and what was in it. */
export interface ToolchainRoot {
  /** Absolute. */
  readonly path: string;
  readonly kind: RootKind;
  /** Of the interpreter that it belongs to. */
  readonly version?: string;
  /** What was hashed. */
  readonly digestOf: 'listing' | 'file';
  /** Lowercase hex; of a folder the listing (see `digestListing`), of a single file its SHA-256. */
  readonly sha256: string;
  /** The same without `__pycache__` and `node_modules/.cache`, which fill up without anything being installed. */
  readonly installedSha256: string;
  /** Files that the digest covers; in a `system` root those that no package brought. */
  readonly files: number;
  readonly bytes: number;
  /** Python distributions, `numpy==2.4.6`; at most 2,000. */
  readonly distributions: readonly string[];
  /** How many more distributions there are. */
  readonly distributionsLeft: number;
}

export interface RootRecording {
  readonly cache?: DigestCache | undefined;
  readonly debian?: DebianPackages | undefined;
}

/**
 * Reads what is in a root: every byte the first time, afterwards what was touched since.
 *
 * In a root of the system, files that a Debian package brought are left to its version.
 *
 * @throws SandboxError HF_SANDBOX_TOOLCHAIN.
 */
export async function recordRoot(root: VisibleRoot, recording: RootRecording): Promise<ToolchainRoot> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await readRoot(root, recording);
    } catch (error) {
      if (!(error instanceof ChangedMeanwhile) || attempt === maximumAttempts) throw error;
    }
  }
}

/** The system is never quite still: another program may write a file of its own just now. */
const maximumAttempts = 5;

async function readRoot(root: VisibleRoot, { cache, debian }: RootRecording): Promise<ToolchainRoot> {
  const files = await listRoot(root, debian);
  const { names, more } = distributionsIn(files);
  const digest = digestListing(files, await contentDigests(files, cache));
  return { ...root, ...digest, distributions: names, distributionsLeft: more };
}

/** The files of a root for which its digest stands. */
export function listRoot(root: VisibleRoot, debian: DebianPackages | undefined): Promise<readonly ListedFile[]> {
  const owners = root.kind === 'system' ? debian?.owners : undefined;
  return listFiles(root.path, owners === undefined ? {} : { isKnown: (path) => owners.has(path) });
}
