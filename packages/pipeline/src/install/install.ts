import { mkdir, rm } from 'node:fs/promises';
import { FolderLock } from '@holdfast/ledger/folder-lock';
import { PipelineError } from '../errors.ts';
import { checkInstalled } from './check-installed.ts';
import { type DeviceSettings, type GivenSettings, readDevice, settledDevice, writeDevice } from './device.ts';
import { type KnownLedger, readKnown, rememberKnown, verifyKnown } from './known-ledger.ts';
import {
  digestName,
  freeVersion,
  keepVersion,
  newVersion,
  point,
  pointedTo,
  requireIntact,
  sweep,
  versionDigest,
} from './place.ts';
import { newestRelease, type Released, releasesFor, requireAllowed } from './released.ts';
import { unpackRelease } from './unpack.ts';

/** What is to be installed, and what is said about the device. */
export interface InstallRequest {
  readonly archive: string;
  /** Folder of the device. */
  readonly folder: string;
  readonly settings: GivenSettings;
  /** The clock of the device. */
  readonly now?: Date;
}

export interface Installed {
  readonly version: number;
  readonly name: string;
  readonly device: string;
  readonly environment: string;
  readonly digest: Readonly<Record<string, string>>;
  /** Size of the ledger that was verified. */
  readonly ledgerSize: number;
  /** Whether it was there before. */
  readonly isUnchanged: boolean;
}

const lockWaitMs = 10_000;

/** Only one process at a time changes a device. */
export async function withDevice<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  const lock = new FolderLock(folder, lockWaitMs);
  try {
    await lock.acquire();
    return await work();
  } catch (error) {
    if (!isOutOfSpace(error)) throw error;
    throw new PipelineError('HF_INSTALL_DISK_FULL', 'no space left for the update', { where: folder, cause: error });
  } finally {
    lock.close();
  }
}

function isOutOfSpace(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown };
  return ['ENOSPC', 'EDQUOT', 'HF_STORE_DISK_FULL', 'HF_LEDGER_DISK_FULL'].includes(String(code));
}

/**
 * Installs the newest release that an archive holds for this device: offline, and only when it is released by somebody
 * who may, for this class, no older than anything seen, and allowed by the policy of the device. One rename switches.
 * Evidence that verified is remembered even when nothing is installed, so that a withdrawal reaches the device.
 *
 * @throws PipelineError HF_INSTALL_…; EvidenceError and LedgerError of what does not verify
 */
export async function install({ archive, folder, settings: given, now }: InstallRequest): Promise<Installed> {
  const known = await readDevice(folder);
  const settings = settledDevice(known, given);
  if (known === undefined) {
    // Nothing is left behind where the very first update is refused.
    const first = await verifyKnown(archive, settings.trust);
    requireAllowed(await installable(first, settings, archive), first.view, settings, now ?? new Date());
    await mkdir(folder, { recursive: true });
  }
  return withDevice(folder, async () => {
    const seen = await readKnown(folder, settings.trust);
    const offered = await verifyKnown(archive, settings.trust, seen?.view);
    if (known === undefined || Object.keys(given).length > 0) await writeDevice(folder, settings);
    await sweep(folder);
    if (seen === undefined || offered.view.size > seen.view.size) await rememberKnown(folder, offered);
    return installNewest({ archive, folder, settings, now: now ?? new Date(), offered });
  });
}

interface Step {
  readonly archive: string;
  readonly folder: string;
  readonly settings: DeviceSettings;
  readonly now: Date;
  readonly offered: KnownLedger;
}

async function installNewest({ archive, folder, settings, now, offered }: Step): Promise<Installed> {
  const { view } = offered;
  const released = newestRelease(view, settings.device);
  const before = await pointedTo(folder, 'current');
  const outcome = (isUnchanged: boolean): Installed => ({
    version: released.release.version,
    name: released.release.name,
    device: settings.device,
    environment: settings.environment,
    digest: released.digest,
    ledgerSize: view.size,
    isUnchanged,
  });
  requireAllowed(released, view, settings, now);
  if (before !== undefined && (await isThere(folder, before, released))) return outcome(true);
  await installable(offered, settings, archive);
  const made = await newVersion(folder);
  try {
    await unpackRelease(archive, released, made);
    const version = await freeVersion(folder, released.digest);
    await keepVersion(folder, made, version);
    // A version is only kept to go back to when it is good itself.
    const isGood = before !== undefined && (await checkInstalled(folder, { now, pointer: 'current' })).isGood;
    if (before !== undefined && isGood) await point(folder, 'previous', before);
    await point(folder, 'current', version);
  } catch (error) {
    await rm(made, { recursive: true, force: true }).catch(() => undefined);
    throw error;
  }
  await sweep(folder);
  return outcome(false);
}

/** Whether these very bytes are installed, whole. */
async function isThere(folder: string, version: string, released: Released): Promise<boolean> {
  if (versionDigest(version) !== digestName(released.digest)) return false;
  return requireIntact(folder, version, released).then(
    () => true,
    () => false,
  );
}

/** The newest release, whose bytes have to be in the archive. */
async function installable(offered: KnownLedger, { device }: DeviceSettings, archive: string): Promise<Released> {
  const released = newestRelease(offered.view, device);
  const held = (one: Released): boolean =>
    one.release.files.every(({ sha256, size }) => offered.archive.artifact.get(sha256) === size);
  if (held(released)) return Promise.resolve(released);
  const older = releasesFor(offered.view, device).findLast(held);
  if (older === undefined) {
    throw new PipelineError(
      'HF_INSTALL_INCOMPLETE',
      `the bytes of version ${released.release.version} are not in the archive`,
      { where: archive },
    );
  }
  throw new PipelineError(
    'HF_INSTALL_OLDER',
    `the archive holds version ${older.release.version}, but its evidence tells of version ${released.release.version}`,
    { where: archive },
  );
}
