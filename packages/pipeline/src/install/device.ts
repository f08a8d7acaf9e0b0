import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EvidenceError } from '@holdfast/evidence/errors';
import { parseTrust, type Trust } from '@holdfast/evidence/trust';
import { writeDurably } from '@holdfast/ledger/durable-file';
import { PipelineError } from '../errors.ts';

/** What whoever owns a device says about it, once. No update can say it. */
export interface DeviceSettings {
  /** Class of the device. */
  readonly device: string;
  readonly environment: string;
  /** The policy that decides here, whatever an archive brings along. */
  readonly policy: { readonly name: string; readonly text: string };
  readonly trust: Trust;
}

/** Settings as they are given with a command: what is absent stays as it was. */
export type GivenSettings = Partial<DeviceSettings>;

const settingsFile = 'device.json';
const format = 1;
const mostBytes = 4 * 1024 ** 2;

/**
 * The settings of a device; `undefined` when the folder is none yet.
 *
 * @throws PipelineError HF_INSTALL_STATE
 */
export async function readDevice(folder: string): Promise<DeviceSettings | undefined> {
  const file = join(folder, settingsFile);
  const json = await readFile(file, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unreadable(file, error);
  });
  if (json === undefined) return undefined;
  if (json.length > mostBytes) throw unreadable(file);
  try {
    const { format: version, device, environment, policy, trust } = JSON.parse(json) as Record<string, unknown>;
    const { name, text } = (policy ?? {}) as Record<string, unknown>;
    const texts = [device, environment, name, text];
    if (version !== format || !texts.every((one) => typeof one === 'string')) throw unreadable(file);
    const read = { device, environment, policy: { name, text } } as Omit<DeviceSettings, 'trust'>;
    return { ...read, trust: parseTrust(JSON.stringify(trust), file) };
  } catch (error) {
    if (error instanceof PipelineError || error instanceof EvidenceError) throw error;
    throw unreadable(file, error);
  }
}

/**
 * What holds for this device: its class and environment never change, trust and policy are replaced by what is given.
 *
 * @throws PipelineError HF_INSTALL_SETTINGS
 */
export function settledDevice(known: DeviceSettings | undefined, given: GivenSettings): DeviceSettings {
  const { device, environment, policy, trust } = { ...known, ...given };
  if (device === undefined || environment === undefined || policy === undefined || trust === undefined) {
    throw new PipelineError('HF_INSTALL_SETTINGS', 'nothing is known of this device yet');
  }
  if (known !== undefined && (device !== known.device || environment !== known.environment)) {
    throw new PipelineError(
      'HF_INSTALL_SETTINGS',
      `this device is a \`${known.device}\` in \`${known.environment}\`, not a \`${device}\` in \`${environment}\``,
      { fix: 'leave --device and --environment out, or install into another folder' },
    );
  }
  return { device, environment, policy, trust };
}

export async function writeDevice(folder: string, settings: DeviceSettings): Promise<void> {
  await writeDurably(join(folder, settingsFile), `${JSON.stringify({ format, ...settings }, undefined, 2)}\n`);
}

function unreadable(where: string, cause?: unknown): PipelineError {
  return new PipelineError('HF_INSTALL_STATE', `\`${settingsFile}\` of the device cannot be read`, { where, cause });
}
