import { stat } from 'node:fs/promises';
import { readTrust } from '@holdfast/pipeline/project-paths';
import { verifyArchive } from '@holdfast/pipeline/verify-archive';
import { type CommandResult, type Invocation, textOption } from './command.ts';
import { CliError } from './errors.ts';
import { pathIn } from './invocation.ts';
import type { Terminal } from './terminal.ts';
import { bad, good, viewLines } from './view-lines.ts';

/** An archive from somewhere else, checked with nothing but a trust file. */
export async function verifyArchiveFile(
  name: string,
  invocation: Invocation,
  terminal: Terminal,
): Promise<CommandResult> {
  const trustFile = textOption(invocation, 'trust');
  if (trustFile === undefined) {
    throw new CliError('HF_CLI_TRUST_NEEDED', `whose word is \`${name}\` to be checked against?`);
  }
  await stat(pathIn(invocation, name));
  const trust = await readTrust(pathIn(invocation, trustFile));
  const { view, decisions, postQuantum } = await verifyArchive(pathIn(invocation, name), trust);
  const { origin, size, evidence, ignored, broken } = view;
  const nothing = evidence.length === 0 && size > 0;
  const failed = broken.length > 0 || nothing || decisions.some(({ problem }) => problem !== undefined);
  return {
    exit: failed ? 1 : 0,
    lines: [
      ...viewLines(view, decisions, terminal),
      ...(nothing ? bad(terminal, 'nothing in it is by a key of the trust file') : []),
      ...(postQuantum && !failed ? good(terminal, 'checkpoint cosigned with ML-DSA-44') : []),
    ],
    result: { file: name, origin, size, counted: evidence.length, ignored, broken, decisions, postQuantum },
  };
}
