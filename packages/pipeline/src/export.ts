import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeArchive } from '@holdfast/evidence/archive';
import type { ArchivedFile } from '@holdfast/evidence/archive-artifact';
import type { NamedArtifact } from './artifacts.ts';
import { type Project, verifyProject } from './project.ts';
import { requireSound } from './sound.ts';

/**
 * Exports the ledger with all its evidence as one archive, which `holdfast verify ARCHIVE --offline --trust FILE`
 * checks anywhere. The whole ledger goes, because a part could hide a withdrawal. Only what verifies is exported.
 *
 * @param artifact whose bytes go along, for a device
 */
export async function exportEvidence(
  project: Project,
  file: string,
  artifact?: NamedArtifact,
): Promise<{ readonly evidence: number; readonly size: number }> {
  const view = await verifyProject(project);
  requireSound(view);
  const ids = [...view.evidence, ...view.ignored].toSorted((a, b) => a.index - b.index).map(({ id }) => id);
  const evidence = await writeArchive(file, {
    origin: view.origin,
    ledgerFiles: ledgerFiles(project.paths.ledger),
    ids,
    evidence: project.store,
    ...(artifact === undefined ? {} : { artifact: filesOf(project, artifact) }),
  });
  return { evidence, size: view.size };
}

function filesOf({ folder }: Project, { path, digest }: NamedArtifact): readonly ArchivedFile[] {
  const at = join(folder, path);
  if (digest.kind === 'file') return [{ path: at, sha256: digest.digests.sha256, size: digest.size }];
  return digest.files.map(({ name, sha256, size }) => ({ path: join(at, name), sha256, size }));
}

/** The published files of a ledger: the checkpoint, then the tiles and entry bundles. */
async function* ledgerFiles(folder: string): AsyncGenerator<{ path: string; bytes: Uint8Array }> {
  yield { path: 'checkpoint', bytes: await readFile(join(folder, 'checkpoint')) };
  // An empty ledger has no tiles, and no folder for them.
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(folder.length + 1);
    if (entry.isFile() && name.startsWith('tile/')) yield { path: name, bytes: await readFile(path) };
  }
}
