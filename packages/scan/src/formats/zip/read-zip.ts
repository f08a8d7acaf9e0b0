import { NotUnderstood } from '../../bytes/source.ts';
import type { Inspection } from '../../inspection.ts';
import type { ZipArchive } from './zip-archive.ts';

/**
 * Reads the structure of a zip, and reports every place where two readers could disagree on what is in it.
 *
 * @throws NotUnderstood when it has no structure that could be followed
 */
export function readZip(part: Inspection): ZipArchive {
  throw new NotUnderstood(`a zip of ${part.source.size} bytes`);
}
