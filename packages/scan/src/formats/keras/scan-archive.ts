import { type ByteSource, NotUnderstood } from '../../bytes/source.ts';
import { shown } from '../../finding.ts';
import type { Inspection } from '../../inspection.ts';
import { scanHdf5 } from '../hdf5/scan.ts';
import type { ZipArchive, ZipEntry } from '../zip/zip-archive.ts';
import { judgeConfigText, parseJson } from './judge-config.ts';

const mostConfigBytes = 2 ** 25;

/** Reads every entry: the configuration is judged, the weights are walked, assets are recognised by what they are. */
export async function scanKerasArchive(part: Inspection, archive: ZipArchive): Promise<void> {
  for (const entry of archive.entries) {
    if (entry.isFolder) continue;
    part.requireTime();
    await part.attempt(async () => {
      using source = await archive.open(entry);
      await scanEntry(part, entry, source);
    });
  }
  part.summary ??= 'Keras model';
}

async function scanEntry(part: Inspection, { name }: ZipEntry, source: ByteSource): Promise<void> {
  if (name === 'config.json') {
    await part.within(name, source, (inside) => {
      inside.format = 'keras-config';
      judgeConfigText(inside, textOf(source), 'config');
    });
  } else if (name === 'metadata.json') {
    await part.within(name, source, (inside) => {
      inside.format = 'keras-metadata';
      judgeMetadata(part, inside, textOf(source));
    });
  } else if (/^model\.weights(\.h5|_\d+\.h5)$/.test(name)) {
    await part.within(name, source, (inside) => {
      inside.format = 'hdf5';
      scanHdf5(inside);
    });
  } else if (/^assets\/.+\.txt$/.test(name)) {
    await part.within(name, source, (inside) => {
      inside.format = 'words';
      requireWords(source);
    });
  } else await part.enter(name, source);
}

function textOf(source: ByteSource): string {
  if (source.size > mostConfigBytes) throw new NotUnderstood(`a text of ${source.size} bytes`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(source.read(0, source.size));
  } catch (error) {
    if (error instanceof NotUnderstood) throw error;
    throw new NotUnderstood('a text that is not UTF-8');
  }
}

/** What `saving_lib.py` writes: a version and a date; anything else was put there by somebody else. */
function judgeMetadata(part: Inspection, inside: Inspection, text: string): void {
  const metadata = parseJson(text);
  if (typeof metadata !== 'object' || metadata === null) throw new NotUnderstood('metadata that are no object');
  for (const [key, value] of Object.entries(metadata)) {
    const isKnown = (key === 'keras_version' || key === 'date_saved') && typeof value === 'string';
    if (!isKnown) inside.leave(`metadata hold ${shown(key)}, which Keras does not write`);
    else if (key === 'keras_version') part.summary = `Keras ${shown(value, 20).replaceAll('`', '')} model`;
  }
}

/** A vocabulary is a line of UTF-8 for each word, without control characters. */
function requireWords(source: ByteSource): void {
  for (let at = 0; at < source.size; at += 2 ** 20) {
    const piece = source.read(at, Math.min(2 ** 20, source.size - at));
    if (piece.some((byte) => byte < 32 && byte !== 9 && byte !== 10 && byte !== 13)) {
      throw new NotUnderstood('an asset that is not text', at);
    }
  }
}
