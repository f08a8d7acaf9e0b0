import { statSync } from 'node:fs';

/** Bytes. */
const held = 2 ** 27;

/**
 * Whether the tables of a file are held as they are, which spares compressing and writing them; they still go to disk when
 * memory is short.
 */
export const isHeldOf = (path: string): boolean => statSync(path).size <= held;
