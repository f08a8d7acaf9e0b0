/** Where a sanitiser stands inside a control sequence (ECMA-48, 5th edition, clauses 5.3 to 5.6). */
type State = 'text' | 'escape' | 'sequence' | 'string' | 'string-escape';

/** Controls that open a string which ends with ST: DCS, SOS, OSC, PM, APC (clause 5.6), as ESC Fe and as C1. */
const stringOpeners = new Set(['P', 'X', ']', '^', '_', '\x90', '\x98', '\x9d', '\x9e', '\x9f']);

/** Letters that reorder a line or hide in it: bidirectional controls, zero-width and tag characters. */
const invisible = /[\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/u;

/**
 * Makes a function that strips control sequences from the output of a command, for display. It remembers where it
 * stands, so sequences and UTF-8 letters may be cut between chunks. Kept: text, newline, tab. A carriage return
 * becomes a newline, so that a line cannot overwrite the one that was read. A sequence ends at the newline at the
 * latest, so an opened one cannot swallow what follows.
 *
 * @example
 * ```ts
 * import { terminalSanitiser } from '@holdfast/pipeline/execution/index';
 * const show = terminalSanitiser();
 * process.stderr.write(show('\u001b[2Jplain'));
 * ```
 */
export function terminalSanitiser(): (chunk: Uint8Array | string) => string {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let state: State = 'text';
  let afterReturn = false;
  return (chunk) => {
    const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    let shown = '';
    for (const letter of text) {
      if (letter === '\n' || letter === '\r') {
        if (letter === '\r' || !afterReturn) shown += '\n';
        afterReturn = letter === '\r';
        state = 'text';
        continue;
      }
      afterReturn = false;
      if (state === 'text' && isPrintable(letter)) shown += letter;
      else state = next(state, letter);
    }
    return shown;
  };
}

/** {@link terminalSanitiser} for a text that is complete. */
export function sanitiseForTerminal(chunk: Uint8Array | string): string {
  return terminalSanitiser()(chunk);
}

function isPrintable(letter: string): boolean {
  const point = letter.codePointAt(0) ?? 0;
  if (point < 0x20) return letter === '\t';
  if (point >= 0x7f && point < 0xa0) return false;
  return !invisible.test(letter);
}

function next(state: State, letter: string): State {
  if (letter === '\x18' || letter === '\x1a') return 'text'; // CAN and SUB abort any sequence
  if (letter === '\x1b') return state === 'string' ? 'string-escape' : 'escape';
  if (state === 'text') return opened(letter);
  if (state === 'escape') return escaped(letter);
  if (state === 'sequence') return letter >= '\x40' && letter <= '\x7e' ? 'text' : 'sequence';
  if (state === 'string-escape') return letter === '\\' ? 'text' : 'string';
  return letter === '\x07' || letter === '\x9c' ? 'text' : 'string';
}

/** After a C1 control (clause 5.3 b). */
function opened(letter: string): State {
  if (letter === '\x9b') return 'sequence';
  return stringOpeners.has(letter) && letter >= '\x80' ? 'string' : 'text';
}

/** After ESC: CSI, a string, an intermediate of an nF sequence, or a final. */
function escaped(letter: string): State {
  if (letter === '[') return 'sequence';
  if (stringOpeners.has(letter)) return 'string';
  return letter >= '\x20' && letter <= '\x2f' ? 'escape' : 'text';
}
