import { headOf } from '../../bytes/source.ts';
import type { Format } from '../../format.ts';
import { blockBytes, isHeader } from './header.ts';
import { tarRules } from './rules.ts';

/** POSIX tar with its extended headers, and GNU's: blocks of 512 bytes, a header before each file. */
export const tar: Format = {
  name: 'tar',
  title: 'tar archive',
  extensions: ['tar'],
  carriesCode: true,
  rules: Object.values(tarRules),
  recognise: (source) => {
    if (source.size < blockBytes) return undefined;
    const block = headOf(source, blockBytes);
    return isHeader(block) && block.some((byte) => byte !== 0) ? 'certain' : undefined;
  },
  load: async () => (await import('./scan.ts')).scanTar,
};
