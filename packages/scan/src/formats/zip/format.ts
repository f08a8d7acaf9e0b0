import type { ByteSource } from '../../bytes/source.ts';
import type { Format } from '../../format.ts';
import { archiveKinds } from './archive-kinds.ts';
import { endsAsZip } from './end-record.ts';
import { zipRules } from './rules.ts';

/** PKWARE's APPNOTE.TXT 6.3.10, and what is carried by it. */
export const zip: Format = {
  name: 'zip',
  title: 'zip',
  extensions: ['zip', ...archiveKinds.flatMap(({ extensions }) => extensions)],
  carriesCode: true,
  rules: [...Object.values(zipRules), ...archiveKinds.flatMap(({ rules }) => rules)],
  recognise: (source) => (startsAsZip(source) || endsAsZip(source) ? 'certain' : undefined),
  load: async () => (await import('./scan.ts')).scanZip,
};

/** A local header, or the end of an empty zip. */
function startsAsZip(source: ByteSource): boolean {
  if (source.size < 4) return false;
  const [p, k, a, b] = source.read(0, 4);
  return p === 0x50 && k === 0x4b && ((a === 3 && b === 4) || (a === 5 && b === 6));
}
