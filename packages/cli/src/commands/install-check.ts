import { checkInstalled, type InstalledState } from '@holdfast/pipeline/install/check-installed';
import { recoverInstalled } from '@holdfast/pipeline/install/recover';
import { type CommandModule, type CommandResult, flag } from '../command.ts';
import { failureOf } from '../failure.ts';
import { pathIn } from '../invocation.ts';
import type { Terminal } from '../terminal.ts';
import { bad, good } from '../view-lines.ts';
import { labelled } from '../wrap.ts';

export const run: CommandModule['run'] = async (invocation, terminal) => {
  const name = invocation.arguments[0] ?? '';
  const folder = pathIn(invocation, name);
  const now = new Date();
  if (!flag(invocation, 'recover')) {
    return answer({ ...(await checkInstalled(folder, { now, pointer: 'current' })), isRecovered: false }, terminal);
  }
  return answer(await recoverInstalled(folder, now), terminal);
};

function answer(state: InstalledState & { isRecovered: boolean }, terminal: Terminal): CommandResult {
  if (!state.isGood) {
    const { code, message, where, fix, exit } = failureOf(state.problem);
    return {
      exit,
      lines: [
        ...bad(terminal, 'what is installed must not be started'),
        ...labelled('  ', 2, `${message} (${code})`),
        ...(fix === undefined ? [] : labelled('  → ', 4, fix)),
      ],
      result: { isGood: false, problem: { code, message, where, fix } },
    };
  }
  const { version, device, environment, folder, name, ledgerSize, isRecovered } = state;
  return {
    exit: 0,
    lines: [
      ...(isRecovered ? bad(terminal, 'the current version was not good; gone back to the one before') : []),
      ...good(terminal, `version ${version} for ${device} is what was signed, every byte of it`),
      ...good(terminal, `allowed in ${environment}, by a ledger of ${ledgerSize} entries`),
      `  ${folder}/${name}`,
    ],
    result: { isGood: true, isRecovered, version, name, folder, device, environment, ledgerSize },
  };
}
