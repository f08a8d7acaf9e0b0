import type { Opened, Shape } from './judge.ts';
import { isWholeText } from './matches.ts';

/** The bytes of a state that are files, by the fields that they are in. */
export function openedBy(fields: Readonly<Record<string, string>>, state: Shape): readonly Opened[] {
  if (state.kind !== 'dict') return [];
  return state.entries.flatMap(([key, value]) => {
    const format = isWholeText(key) && Object.hasOwn(fields, key.value) ? fields[key.value] : undefined;
    const bytes = bytesOf(value);
    return format === undefined || bytes === undefined ? [] : [{ bytes, format }];
  });
}

function bytesOf(shape: Shape | undefined): Opened['bytes'] | undefined {
  if (shape?.kind === 'bytes') return shape;
  if (shape?.kind === 'instance' && shape.of === 'builtins.bytearray') {
    return bytesOf(shape.holds?.[0]) ?? { kind: 'bytes', length: 0, read: () => new Uint8Array(0) };
  }
  return undefined;
}
