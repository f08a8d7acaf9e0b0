import { styleText } from 'node:util';

export type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan';

/** Where a command speaks to: progress goes to standard error, and only to a terminal; results are returned. */
export interface Terminal {
  readonly columns: number;
  /** Paints text when standard output is a terminal that shows colours; meaning is never in the colour alone. */
  paint(style: Style, text: string): string;
  /** One line that the next one replaces; `undefined` clears it. */
  progress(line: string | undefined): void;
  /** A line for people, on standard error, also when it is no terminal. */
  note(line: string): void;
  /** Asks a yes-or-no question; `undefined` when nobody is there to answer. */
  confirm(question: string): Promise<boolean | undefined>;
}

/** @param options.quiet no progress and no notes */
export function openTerminal(options: { readonly color: boolean; readonly quiet: boolean }): Terminal {
  const { stdout, stderr, stdin } = process;
  const colored = options.color && process.env['NO_COLOR'] === undefined && stdout.isTTY;
  const lively = stderr.isTTY && !options.quiet && process.env['CI'] === undefined;
  return {
    columns: stdout.isTTY ? Math.max(40, Math.min(stdout.columns, 120)) : 80,
    paint: (style, text) => (colored ? styleText(style, text, { validateStream: false }) : text),
    progress(line) {
      if (lively) stderr.write(`\r\u001b[2K${line === undefined ? '' : line.slice(0, stderr.columns - 1)}`);
    },
    note(line) {
      if (options.quiet) return;
      if (lively) stderr.write('\r\u001b[2K');
      stderr.write(`${line}\n`);
    },
    async confirm(question) {
      if (!stdin.isTTY || !stderr.isTTY) return undefined;
      const { createInterface } = await import('node:readline/promises');
      const reader = createInterface({ input: stdin, output: stderr });
      try {
        return /^(y|yes|)$/i.test((await reader.question(`${question} [Y/n] `)).trim());
      } finally {
        reader.close();
      }
    },
  };
}
