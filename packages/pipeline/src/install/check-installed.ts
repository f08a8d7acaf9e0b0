import { EvidenceError } from '@holdfast/evidence/errors';
import type { EvidenceView } from '@holdfast/evidence/view';
import { LedgerError } from '@holdfast/ledger/errors';
import { PipelineError } from '../errors.ts';
import { type DeviceSettings, readDevice } from './device.ts';
import { readKnown } from './known-ledger.ts';
import { digestName, type Pointer, pointedTo, requireIntact, versionDigest, versionFolder } from './place.ts';
import { type Released, releasesFor, requireAllowed, requireConsistent } from './released.ts';

/** What is installed, judged anew: by every byte of it, and by the newest evidence that the device has seen. */
export type InstalledState =
  | {
      readonly isGood: true;
      readonly pointer: Pointer;
      readonly version: number;
      readonly name: string;
      /** Where it lies, without a link on the way. */
      readonly folder: string;
      readonly device: string;
      readonly environment: string;
      readonly ledgerSize: number;
    }
  | {
      readonly isGood: false;
      readonly pointer: Pointer;
      readonly problem: PipelineError | EvidenceError | LedgerError;
    };

/**
 * Checks an installed version against signed evidence, as at every start of a device. Writes nothing.
 *
 * @throws the system's errors
 */
export async function checkInstalled(
  folder: string,
  { now, pointer }: { readonly now: Date; readonly pointer: Pointer },
): Promise<InstalledState> {
  try {
    const settings = await readDevice(folder);
    const version = await pointedTo(folder, pointer);
    if (settings === undefined || version === undefined) throw nothing(folder, pointer);
    const known = await readKnown(folder, settings.trust);
    if (known === undefined) throw nothing(folder, pointer);
    const released = releaseOf(known.view, settings, version);
    await requireIntact(folder, version, released);
    requireAllowed(released, known.view, settings, now);
    return {
      isGood: true,
      pointer,
      version: released.release.version,
      name: released.release.name,
      folder: versionFolder(folder, version),
      device: settings.device,
      environment: settings.environment,
      ledgerSize: known.view.size,
    };
  } catch (error) {
    const isOurs = [PipelineError, EvidenceError, LedgerError].some((kind) => error instanceof kind);
    if (!isOurs) throw error;
    return { isGood: false, pointer, problem: error as PipelineError };
  }
}

/** The newest release of the very artifact that a version is called by. */
function releaseOf(view: EvidenceView, { device }: DeviceSettings, version: string): Released {
  const released = releasesFor(view, device).findLast(({ digest }) => digestName(digest) === versionDigest(version));
  if (released === undefined) {
    throw new PipelineError('HF_INSTALL_UNSIGNED', `nobody released \`${version}\` for a \`${device}\``);
  }
  requireConsistent(released);
  return released;
}

function nothing(where: string, pointer: Pointer): PipelineError {
  return new PipelineError('HF_INSTALL_NOTHING', `there is no ${pointer} version`, { where });
}
