/** What an element of an array is: its bytes, or an object of Python, which is pickled. */
export type ElementType = { readonly bytes: number } | 'object';

/**
 * The type that NumPy writes as `<f8`, `|O`, `<M8[ns]`: byte order, kind, bytes, and the unit of a time.
 * https://numpy.org/doc/2.1/reference/arrays.interface.html
 *
 * @returns undefined for what is no such text
 */
export function elementTypeOf(text: string): ElementType | undefined {
  const [, kind, digits = '', unit] =
    /^[<>|=]?([?bBiufcSaUVOmM])([0-9]{0,9})(\[[0-9]*[a-zA-Zμ]+(?:\/[0-9]+)?\])?$/u.exec(text) ?? [];
  if (kind === undefined || (unit !== undefined && kind !== 'm' && kind !== 'M')) return undefined;
  if (kind === 'O') return 'object';
  if (kind === '?' || ((kind === 'b' || kind === 'B') && digits === ''))
    return digits === '' ? { bytes: 1 } : undefined;
  if (digits === '') return undefined;
  return { bytes: Number(digits) * (kind === 'U' ? 4 : 1) };
}
