import type { FetchEvent } from '@holdfast/pipeline/sources/fetch-sources';
import type { Terminal } from '../terminal.ts';

/** Shown so many times a second at most. */
const everyMs = 100;

/** `bureau   37 %   12.5 of 33.8 MB`, on a terminal only; what somebody should know stays there. */
export function fetchProgress(terminal: Terminal, tells: (line: string) => void): (event: FetchEvent) => void {
  let last = 0;
  return (event) => {
    if (event.type === 'notice') {
      tells(`${event.source}   ${event.text}`);
      return;
    }
    if (performance.now() - last < everyMs) return;
    last = performance.now();
    const { source, bytes, total } = event;
    const megabytes = (count: number): string => (count / 1e6).toFixed(1);
    const share = total === undefined || total === 0 ? '' : `${Math.floor((bytes / total) * 100)} %   `;
    const of = total === undefined ? '' : ` of ${megabytes(total)}`;
    terminal.progress(`${source}   ${share}${megabytes(bytes)}${of} MB`);
  };
}

/** Where notices go: to standard error, as they come. */
export function toStandardError(isQuiet: boolean, terminal: Terminal): (line: string) => void {
  return (line) => {
    if (isQuiet) return;
    terminal.progress(undefined);
    process.stderr.write(`${terminal.show(line)}\n`);
  };
}
