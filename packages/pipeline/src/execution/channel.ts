import type { ResourceTrace } from './trace.ts';

/** The descriptor of the supervisor that its parent holds the other end of; end of file there means: it died. */
export const channelDescriptor = 3;
/** The descriptor of the supervisor that takes the output of the command. */
export const outputDescriptor = 4;

/** Why a command is ended before its time. */
export type StopReason = 'timeout' | 'interrupted' | 'log-limit' | 'disk-full';

/** First line to the supervisor. */
export interface Order {
  readonly runId: string;
  /** Pid of the one who gives the order; when it is no longer the supervisor's parent, nothing is started. */
  readonly parent: number;
  readonly argv: readonly [string, ...string[]];
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly descriptors: readonly { readonly descriptor: number; readonly path: string }[];
  /** Its outputs are restored when the parent dies. */
  readonly runFolder: string | null;
  readonly timeoutMs: number | null;
  readonly graceMs: number;
}

/** Every further line to the supervisor. */
export interface StopOrder {
  readonly stop: StopReason;
}

/** Every line from the supervisor. */
export type SupervisorReport =
  | { readonly event: 'started'; readonly group: number }
  | { readonly event: 'failed'; readonly message: string }
  | ({ readonly event: 'ended' } & Ended);

export interface Ended {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly startedOn: string;
  readonly finishedOn: string;
  readonly stopped: StopReason | null;
  readonly leftBehind: number | null;
  /** Whether no process of the run is left. */
  readonly clean: boolean;
  readonly trace: Omit<ResourceTrace, 'logBytes' | 'outputBytes'>;
}

/** The longest line: a command and its environment fit. */
const maximumLine = 16 * 1024 * 1024;

/** Cuts a stream of bytes into lines of JSON. Both ends are ours, so a line that is none is thrown as it is. */
export function lineReader(onMessage: (message: unknown) => void): (chunk: Uint8Array) => void {
  const decoder = new TextDecoder();
  let rest = '';
  return (chunk) => {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > maximumLine) throw new Error('a line of the supervisor channel is too long');
    for (const line of lines) onMessage(JSON.parse(line));
  };
}

/** One message as a line. */
export function toLine(message: Order | StopOrder | SupervisorReport): string {
  return `${JSON.stringify(message)}\n`;
}
