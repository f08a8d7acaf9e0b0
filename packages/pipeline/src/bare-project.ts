import { createHash } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import { holdfastYaml } from '@holdfast/contracts';
import { type Configuration, configurationName } from './configuration.ts';
import { PipelineError } from './errors.ts';
import { hasLedger, layFoundation, projectName } from './foundation.ts';
import { projectPaths, readTrust } from './project-paths.ts';

/**
 * The configuration of a folder that has a ledger and no `holdfast.yaml`: `holdfast run -- COMMAND` makes such ones.
 * It declares nothing; the ledger is the one that the trust file names.
 *
 * @returns `undefined` when neither the folder nor one above it has a ledger
 * @throws PipelineError HF_CONFIG_NOT_FOUND, HF_CONFIG_INVALID
 */
export async function bareConfiguration(start: string): Promise<Configuration | undefined> {
  for (let folder = resolve(start); ; folder = dirname(folder)) {
    if (await hasLedger(folder)) return configurationOf(folder);
    if (folder === dirname(folder)) return undefined;
  }
}

async function configurationOf(folder: string): Promise<Configuration> {
  const { trust: where } = projectPaths(folder);
  const [own, ...others] = (await readTrust(where)).ledgers;
  if (own === undefined || others.length > 0) {
    const message = 'without a `holdfast.yaml` the trust file has to name one ledger, the one that is here';
    throw new PipelineError('HF_CONFIG_INVALID', message, { where, fix: '`holdfast init` makes a holdfast.yaml' });
  }
  const config = holdfastYaml.parse({ project: projectName(folder), ledger: own.origin });
  const sha256 = createHash('sha256').digest('hex');
  return { config, folder, file: join(folder, configurationName), sha256 };
}

/** Gives a folder a key and a ledger of its own, without a `holdfast.yaml`. */
export async function makeBare(folder: string, passphrase?: string): Promise<void> {
  const ledger = `${projectName(folder)}.example`;
  await layFoundation(folder, { ledger, keyName: 'owner', passphrase });
}
