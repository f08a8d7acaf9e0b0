import { isWithin } from './paths.ts';
import type { Link } from './system-files.ts';

/** What a folder or file of the toolchain is. */
export type RootKind = 'system' | 'python' | 'virtual-environment' | 'node' | 'node-modules' | 'program';

/** A folder or file that is bound read-only where it is. */
export interface VisibleRoot {
  /** Absolute. */
  readonly path: string;
  readonly kind: RootKind;
  /** Of the interpreter that it belongs to. */
  readonly version?: string;
}

/** A program and what it needs beside what the operating system owns. */
export interface FoundProgram extends DescribedProgram {
  /** The folder of the search where its name was. */
  readonly foundIn: string;
}

export interface DescribedProgram {
  /** As it was asked for, `jupyter`; an interpreter behind a script is `jupyter:python3`. */
  readonly name: string;
  /** Real path. */
  readonly program: string;
  readonly version?: string;
  readonly roots: readonly VisibleRoot[];
  readonly links: readonly Link[];
  /** Folders to search first for it. */
  readonly folders: readonly string[];
}

/** What every sandbox shows anyway need not be bound once more. */
export function outsideSystem(paths: readonly string[]): string[] {
  return [...new Set(paths)].filter((path) => !isWithin('/usr', path));
}

/** What an interpreter that was asked answered: it may be anything. */
export function stringsOf(text: string | undefined, count: number): string[] | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    const isAnswer = Array.isArray(value) && value.length === count && value.every((item) => typeof item === 'string');
    return isAnswer ? value : undefined;
  } catch {
    return undefined;
  }
}
