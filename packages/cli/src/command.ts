import type { Terminal } from './terminal.ts';

/** An option of a command, for `node:util` parseArgs and for the help. */
export interface CommandOption {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  /** May be given several times. */
  readonly multiple?: boolean;
  /** What stands behind the flag in the help: `NAME`. */
  readonly value?: string;
  readonly summary: string;
}

/** What the command line knows of a command without loading it. */
export interface CommandDescription {
  /** One or two words: `gate`, `key create`. */
  readonly name: string;
  /** What stands behind the name: `ARTIFACT --to ENVIRONMENT`. */
  readonly usage: string;
  readonly summary: string;
  readonly options: Readonly<Record<string, CommandOption>>;
  /** How many arguments it takes: at least, at most. */
  readonly arguments: readonly [least: number, most: number];
  /** Takes a command of the user's behind `--`. */
  readonly takesCommand?: boolean;
  /** Loads what carries it out. */
  load(): Promise<CommandModule>;
}

export interface Invocation {
  readonly arguments: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  /** What stood behind `--`, for a command that takes one. */
  readonly command?: readonly [string, ...string[]];
  /** Where relative paths start. */
  readonly folder: string;
}

/** 0 pass, 1 findings or denial, 2 wrong usage or configuration, 3 could not find out. */
export type Exit = 0 | 1 | 2 | 3;

/** What a command found out: for people and, with nothing left out, for programs. */
export interface CommandResult {
  readonly exit: Exit;
  /** Standard output; `--json` replaces it by `result`. */
  readonly lines: readonly string[];
  readonly result: unknown;
}

export interface CommandModule {
  readonly run: (invocation: Invocation, terminal: Terminal) => Promise<CommandResult>;
}

/** Options that every command takes. */
export const globalOptions: Readonly<Record<string, CommandOption>> = {
  json: { type: 'boolean', summary: 'the result as JSON' },
  quiet: { type: 'boolean', short: 'q', summary: 'say nothing but errors' },
  'no-color': { type: 'boolean', summary: 'no colours (NO_COLOR is honoured too)' },
  debug: { type: 'boolean', summary: 'show where an error comes from' },
  project: { type: 'string', short: 'C', value: 'FOLDER', summary: 'work in this folder' },
  help: { type: 'boolean', short: 'h', summary: 'show this' },
};

/** The text of a string option. */
export function textOption(invocation: Invocation, name: string): string | undefined {
  const value = invocation.options[name];
  return typeof value === 'string' ? value : undefined;
}

/** The texts of an option that may be given several times. */
export function textOptions(invocation: Invocation, name: string): readonly string[] {
  const value = invocation.options[name];
  return Array.isArray(value) ? (value as readonly string[]) : [];
}

/** Whether a boolean option was given. */
export function flag(invocation: Invocation, name: string): boolean {
  return invocation.options[name] === true;
}
