import { fsck } from '@holdfast/ledger/fsck';
import { folderSource } from '@holdfast/ledger/ledger-reader';
import { openProject } from '@holdfast/pipeline/project';
import { readTrust } from '@holdfast/pipeline/project-paths';
import type { CommandModule } from '../command.ts';
import { bad, countOf, good } from '../view-lines.ts';

export const run: CommandModule['run'] = async (invocation, terminal) => {
  const project = await openProject(invocation.folder);
  const trust = await readTrust(project.paths.trust);
  const origin = project.config.ledger;
  const verifierKeys = trust.ledgers.find((ledger) => ledger.origin === origin)?.verifierKeys ?? [];
  const { size, rootHash, problems } = await fsck(folderSource(project.paths.ledger), {
    origin,
    verifierKeys,
    requireAll: true,
  });
  return {
    exit: problems.length === 0 ? 0 : 1,
    lines:
      problems.length === 0
        ? good(terminal, `${countOf(size, 'entry', 'entries')}, every tile and the root recomputed from them`)
        : problems.flatMap(({ where, code, message }) => bad(terminal, `${where}: ${message} (${code})`)),
    result: { size, rootHash: rootHash === undefined ? null : Buffer.from(rootHash).toString('base64'), problems },
  };
};
