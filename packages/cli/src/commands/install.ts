import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type GivenSettings, readDevice } from '@holdfast/pipeline/install/device';
import { install } from '@holdfast/pipeline/install/install';
import { readTrust } from '@holdfast/pipeline/project-paths';
import { type CommandModule, type Invocation, textOption } from '../command.ts';
import { CliError } from '../errors.ts';
import { pathIn } from '../invocation.ts';
import { shortId } from '../short-hex.ts';
import { good } from '../view-lines.ts';

export const run: CommandModule['run'] = async (invocation, terminal) => {
  const name = invocation.arguments[0] ?? '';
  const to = textOption(invocation, 'to');
  if (to === undefined) {
    throw new CliError('HF_CLI_USAGE', 'an update goes into the folder of a device', {
      fix: `holdfast install ${name} --to DIR`,
    });
  }
  const folder = pathIn(invocation, to);
  const settings = await settingsOf(invocation, (await readDevice(folder)) === undefined);
  const installed = await install({ archive: pathIn(invocation, name), folder, settings });
  const { version, device, environment, digest, ledgerSize, isUnchanged } = installed;
  const what = `version ${version} for ${device} ${shortId(digest)}`;
  return {
    exit: 0,
    lines: [
      ...good(terminal, `released, allowed in ${environment}, by a ledger of ${ledgerSize} entries`),
      ...good(terminal, isUnchanged ? `${what} is installed already` : `${what} is installed`),
      `  ${to}/current/${installed.name}`,
    ],
    result: { folder, ...installed },
  };
};

async function settingsOf(invocation: Invocation, isFirst: boolean): Promise<GivenSettings> {
  const [device, policy, trust] = ['device', 'policy', 'trust'].map((option) => textOption(invocation, option));
  const environment = textOption(invocation, 'environment') ?? (isFirst ? 'production' : undefined);
  return {
    ...(device === undefined ? {} : { device }),
    ...(environment === undefined ? {} : { environment }),
    ...(policy === undefined
      ? {}
      : { policy: { name: basename(policy), text: await readFile(pathIn(invocation, policy), 'utf8') } }),
    ...(trust === undefined ? {} : { trust: await readTrust(pathIn(invocation, trust)) }),
  };
}
