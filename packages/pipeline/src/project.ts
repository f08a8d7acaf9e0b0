import { readFile } from 'node:fs/promises';
import type { PassphraseSource } from '@holdfast/evidence/key-files';
import { completeEvidence, type Recorder } from '@holdfast/evidence/record';
import { type EvidenceStore, openEvidenceStore } from '@holdfast/evidence/store';
import type { Trust } from '@holdfast/evidence/trust';
import { type EvidenceView, verifyLedger } from '@holdfast/evidence/view';
import { type Ledger, openLedger } from '@holdfast/ledger/ledger';
import { folderSource, type LedgerReader, openLedgerReader } from '@holdfast/ledger/ledger-reader';
import { nodeCryptography } from '@holdfast/ledger/node-cryptography';
import { bareConfiguration } from './bare-project.ts';
import { type Configuration, findConfiguration, loadConfiguration } from './configuration.ts';
import { PipelineError } from './errors.ts';
import { openLedgerSigners } from './ledger-keys.ts';
import { type ProjectPaths, projectPaths, readTrust } from './project-paths.ts';
import { compareWithSeen, rememberSeen } from './seen.ts';
import { type StageGraph, stageGraph } from './stage-graph.ts';

/** A project folder, opened. */
export interface Project extends Configuration {
  readonly paths: ProjectPaths;
  readonly graph: StageGraph;
  readonly store: EvidenceStore;
  readonly passphrase: PassphraseSource;
}

/** Reads a passphrase from the environment: HOLDFAST_PASSPHRASE, or the file that HOLDFAST_PASSPHRASE_FILE names. */
export const passphraseFromEnvironment: PassphraseSource = async () => {
  const file = process.env['HOLDFAST_PASSPHRASE_FILE'];
  if (file !== undefined) return (await readFile(file, 'utf8')).replace(/\r?\n$/, '');
  return process.env['HOLDFAST_PASSPHRASE'];
};

/**
 * Opens the project that a folder is in.
 *
 * @throws PipelineError HF_CONFIG_NOT_FOUND, HF_CONFIG_YAML, HF_CONFIG_INVALID, HF_STAGE_CYCLE, HF_STAGE_OUTPUT_SHARED
 */
export async function openProject(
  start: string,
  passphrase: PassphraseSource = passphraseFromEnvironment,
): Promise<Project> {
  return projectOf(await configurationFor(start), passphrase);
}

/** The project of a configuration that was loaded before, whatever its file holds by now. */
export function projectOf(
  configuration: Configuration,
  passphrase: PassphraseSource = passphraseFromEnvironment,
): Project {
  const paths = projectPaths(configuration.folder);
  return {
    ...configuration,
    paths,
    graph: stageGraph(configuration.config),
    store: openEvidenceStore(paths.evidence),
    passphrase,
  };
}

/** A folder that has a ledger needs no `holdfast.yaml`, unless one lies nearer. */
async function configurationFor(start: string): Promise<Configuration> {
  try {
    return await loadConfiguration(await findConfiguration(start));
  } catch (error) {
    const isAbsent = error instanceof PipelineError && error.code === 'HF_CONFIG_NOT_FOUND';
    const bare = isAbsent ? await bareConfiguration(start) : undefined;
    if (bare === undefined) throw error;
    return bare;
  }
}

/** Opens the project's ledger for reading: its checkpoint is verified, and compared with the one seen before. */
export async function openProjectReader(project: Project): Promise<{ reader: LedgerReader; trust: Trust }> {
  const trust = await readTrust(project.paths.trust);
  const origin = project.config.ledger;
  const known = trust.ledgers.find((ledger) => ledger.origin === origin);
  if (known === undefined) {
    throw new PipelineError('HF_CONFIG_INVALID', `the trust file does not name the ledger \`${origin}\``, {
      where: project.paths.trust,
    });
  }
  const reader = await openLedgerReader(folderSource(project.paths.ledger), {
    origin,
    verifierKeys: known.verifierKeys,
    requireAll: true,
  });
  await compareWithSeen(project.paths.seen, reader);
  return { reader, trust };
}

/** Verifies the whole ledger of a project with its evidence. */
export async function verifyProject(project: Project): Promise<EvidenceView> {
  return (await openView(project)).view;
}

/** The same, with the reader that the ledger was read through. */
export async function openView(project: Project): Promise<{ view: EvidenceView; reader: LedgerReader }> {
  const { reader, trust } = await openProjectReader(project);
  const view = await verifyLedger(reader, project.store, trust, nodeCryptography);
  await rememberSeen(project.paths.seen, reader);
  return { view, reader };
}

/**
 * Opens the ledger for writing, does the work, and closes it. Evidence that a killed command left without its proof
 * is completed first.
 */
export async function withRecorder<Result>(
  project: Project,
  work: (recorder: Recorder) => Promise<Result>,
): Promise<Result> {
  const signers = await openLedgerSigners(project.paths.keys, project.config.ledger, project.passphrase);
  const ledger: Ledger = await openLedger(project.paths.ledger, { signers });
  const recorder = { ledger, store: project.store };
  try {
    const size = ledger.size;
    await completeEvidence(recorder, Math.max(0, size - recentEntries), size);
    return await work(recorder);
  } finally {
    await ledger.close();
  }
}

/** How far back a killed command can have left evidence without its proof: one batch of a run is smaller. */
const recentEntries = 64;
