import { mkdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { parseTrust } from '@holdfast/evidence/trust';
import { newAllowedProject, type TestProject, temporaryFolder } from '@holdfast/testkit';
import { exportEvidence } from '../src/export.ts';
import type { GivenSettings } from '../src/install/device.ts';
import { type Installed, install } from '../src/install/install.ts';
import { type MadeRelease, releaseArtifact } from '../src/install/release.ts';

/** A project that has released two versions of its model for cameras, and an archive of each moment. */
export interface Releases {
  readonly project: TestProject;
  readonly first: string;
  readonly second: string;
  readonly settings: GivenSettings;
}

export async function release(project: TestProject, device = 'camera', version?: number): Promise<MadeRelease> {
  const request = { device, key: 'approver', ...(version === undefined ? {} : { version }) };
  return releaseArtifact(await project.open(), await project.artifact(), request);
}

let count = 0;

/** Exports the project as it is now, with the bytes of its model unless told otherwise. */
export async function archiveOf(project: TestProject, artifact: string | undefined = 'model'): Promise<string> {
  const file = join(temporaryFolder(), `${++count}.holdfast`);
  await exportEvidence(await project.open(), file, artifact === 'none' ? undefined : await project.artifact(artifact));
  return file;
}

/** Trains another model, which passes the gate, too. */
export async function retrain(project: TestProject): Promise<void> {
  project.write('data/raw.csv', `${++count},1\n${project.read('data/raw.csv')}`);
  const { stages } = await project.run();
  const failed = stages.find(({ error }) => error !== undefined);
  if (failed?.error !== undefined) throw failed.error;
  await project.sign();
  await project.approve();
}

export function settingsOf(project: TestProject): GivenSettings {
  return {
    device: 'camera',
    environment: 'production',
    policy: { name: 'production.cedar', text: project.read('policy/production.cedar') },
    trust: parseTrust(project.read('policy/trust.json')),
  };
}

export async function makeReleases(): Promise<Releases> {
  const project = await newAllowedProject();
  await release(project);
  const first = await archiveOf(project);
  await retrain(project);
  await release(project);
  return { project, first, second: await archiveOf(project), settings: settingsOf(project) };
}

/** A folder for a device that does not exist yet. */
export const newDevice = (): string => join(temporaryFolder(), 'device');

/** A device with the first version on it. */
export async function deviceWith({ settings }: Releases, archive: string): Promise<string> {
  const folder = newDevice();
  await install({ archive, folder, settings });
  return folder;
}

export const update = (archive: string, folder: string, settings: GivenSettings = {}): Promise<Installed> =>
  install({ archive, folder, settings });

export const current = (folder: string): string => readlinkSync(join(folder, 'current')).replace('versions/', '');
export const model = (folder: string): Buffer => readFileSync(join(folder, 'current/model/model.onnx'));
export const emptyFolder = (folder: string): void => void mkdirSync(folder, { recursive: true });
