import type { ByteSource } from '../../bytes/source.ts';
import type { Format } from '../../format.ts';
import type { Inspection } from '../../inspection.ts';
import { codeRules } from '../code/rules.ts';
import { type Known, known } from './known.ts';
import { isPortableExecutable } from './portable-executable.ts';

/** What is recognised by its first bytes and never clean, because nothing here understands it. */
export const knownFormats: readonly Format[] = [
  ...known.filter(({ signatures }) => signatures !== undefined).map(formatOf),
  {
    ...formatOf({
      name: 'pe',
      title: 'a Windows program or library',
      extensions: ['exe', 'dll', 'pyd'],
      kind: 'executable',
    }),
    recognise: (source) => (isPortableExecutable(source) ? 'certain' : undefined),
  },
];

function formatOf(description: Known): Format {
  const executable = description.kind === 'executable';
  return {
    name: description.name,
    title: description.title,
    extensions: description.extensions,
    carriesCode: executable || description.name === 'r-data' || description.name === 'tensorrt',
    rules: executable ? [codeRules.executable] : [],
    recognise: (source) => (matches(description, source) ? 'certain' : undefined),
    load: () =>
      Promise.resolve((part: Inspection) => {
        leave(part, description);
      }),
  };
}

function matches({ signatures = [] }: Known, source: ByteSource): boolean {
  return signatures.some((all) =>
    all.every(([offset, hex]) => {
      const length = hex.length / 2;
      return offset + length <= source.size && Buffer.from(source.read(offset, length)).toString('hex') === hex;
    }),
  );
}

/** Says what a part is that no format here understands, as far as its name tells. */
export function leaveByName(part: Inspection): void {
  const extension = /\.([a-z0-9]+)$/i.exec(part.name)?.[1]?.toLowerCase();
  const found = known.find(({ extensions }) => extension !== undefined && extensions.includes(extension));
  if (found === undefined) part.leave('of no format that is known here');
  else {
    part.format = found.name;
    leave(part, found);
  }
}

function leave(part: Inspection, { title, kind, fix }: Known): void {
  part.summary = title;
  if (kind === 'executable') part.report(codeRules.executable, { message: `${title}: it runs on whoever loads it` });
  else part.leave(`${title}: recognised, not understood here`, fix === undefined ? {} : { fix });
}
