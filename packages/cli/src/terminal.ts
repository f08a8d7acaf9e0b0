import { styleText } from 'node:util';
import { showable } from './showable.ts';

export type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan';

/** Where a command speaks to: progress goes to standard error, and only to a terminal; results are returned. */
export interface Terminal {
  /** Paints text when standard output is a terminal that shows colours; meaning is never in the colour alone. */
  paint(style: Style, text: string): string;
  /** One line that the next one replaces; `undefined` clears it. */
  progress(line: string | undefined): void;
  /** Asks a yes-or-no question; `undefined` when nobody is there to answer. */
  confirm(question: string): Promise<boolean | undefined>;
  /** Takes out what a result may not do to a terminal. */
  show(text: string): string;
}

/** @param options.quiet no progress */
export function openTerminal(options: { readonly color: boolean; readonly quiet: boolean }): Terminal {
  const { stdout, stderr, stdin } = process;
  // https://no-color.org: set and not empty
  const colored =
    options.color && (process.env['NO_COLOR'] ?? '') === '' && stdout.isTTY && process.env['TERM'] !== 'dumb';
  const lively = stderr.isTTY && !options.quiet && process.env['CI'] === undefined && process.env['TERM'] !== 'dumb';
  let asking = false;
  return {
    paint: (style, text) => (colored ? styleText(style, text, { validateStream: false }) : text),
    progress(line) {
      if (!lively || asking) return;
      const shown = line === undefined ? '' : showable(line, false).slice(0, stderr.columns - 1);
      stderr.write(`\r\u001b[2K${shown}`);
    },
    async confirm(question) {
      if (!stdin.isTTY || !stderr.isTTY) return undefined;
      asking = true;
      return ask(`${question} [Y/n] `);
    },
    show: (text) => showable(text, colored),
  };
}

/** Enter is yes; whoever leaves (Ctrl-C, Ctrl-D) has not said so. */
async function ask(question: string): Promise<boolean> {
  const { createInterface } = await import('node:readline');
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve) => {
    reader.on('close', () => {
      resolve(false);
    });
    reader.on('SIGINT', () => {
      process.stderr.write('\n');
      reader.close();
    });
    reader.question(question, (answer) => {
      resolve(/^(y|yes|)$/i.test(answer.trim()));
      reader.close();
    });
  });
}
