import { dirname } from 'node:path';

/**
 * Golden scripts, in the manner of cram and of the testscripts of Go: what somebody types, and what comes back.
 *
 * ```
 * # A comment, below an empty line.
 * $ holdfast gate model          what is typed; `sh -c` runs it
 * DENIED                         standard output
 * 2> holdfast: …                 standard error
 * [1]                            exit status, when it is not 0
 * -- data/x.csv --               a file, written before the first command; its lines follow
 * ```
 */
export interface Script {
  /** What is written before the first command. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly steps: readonly Step[];
}

/** One command with the comments above it. */
export interface Step {
  readonly comments: readonly string[];
  readonly command: string;
  readonly expected: readonly string[];
}

/** What a command gave back, laid out as in a script. */
export interface Answer {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

export function parseScript(text: string): Script {
  const [body = '', ...sections] = text.split(/^-- (?=.+ --$)/m);
  const files = sections.map((section) => {
    const [header = '', ...lines] = section.split('\n');
    return { path: header.replace(/ --$/, ''), text: lines.join('\n').replace(/\n*$/, '\n') };
  });
  return { files, steps: parseSteps(body) };
}

function parseSteps(body: string): readonly Step[] {
  const steps: { comments: string[]; command: string; expected: string[] }[] = [];
  let comments: string[] = [];
  let previous = '';
  for (const line of body.replace(/\n+$/, '').split('\n')) {
    // what stands right below a command is its output, whatever it looks like
    const isComment = line.startsWith('# ') && (previous === '' || comments.length > 0);
    previous = line;
    if (isComment) {
      comments.push(line);
    } else if (line.startsWith('$ ')) {
      steps.push({ comments, command: line.slice(2), expected: [] });
      comments = [];
    } else {
      steps.at(-1)?.expected.push(line);
    }
  }
  return steps.map((step) => ({ ...step, expected: withoutEmptyEnd(step.expected) }));
}

function withoutEmptyEnd(lines: readonly string[]): string[] {
  const last = lines.findLastIndex((line) => line !== '');
  return lines.slice(0, last + 1);
}

/** The lines that a script expects for this answer. */
export function answerLines({ stdout, stderr, status }: Answer): string[] {
  const split = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));
  // How an error breaks into lines hangs on the length of the paths in it.
  const unbroken = stderr.replaceAll(/\n {8,10}(?=\S)/g, ' ');
  return withoutEmptyEnd([
    ...split(stdout).map((line) => line.trimEnd()),
    ...split(unbroken).map((line) => `2> ${line}`.trimEnd()),
    ...(status === 0 ? [] : [`[${status}]`]),
  ]);
}

/** The script with other answers: what the update writes. */
export function formatScript({ files, steps }: Script): string {
  const body = steps.map(({ comments, command, expected }) =>
    [...comments, `$ ${command}`, ...expected, ''].join('\n'),
  );
  return [...body, ...files.map(({ path, text }) => `-- ${path} --\n${text}`)].join('\n').replace(/\n+$/, '\n');
}

/** What differs from run to run, by what it looks like; everything else is compared letter by letter. */
const volatile: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z/g, '<moment>'],
  [/\b\d{4}-\d{2}-\d{2} \d{2}:\d{2} UTC/g, '<minute> UTC'],
  [/\b(sha256|dirHash):[0-9a-f]{64}\b/g, '$1:<digest>'],
  [/\b(sha256|dirHash):[0-9a-f]{6,63}…?/g, '$1:<digest>'],
  [/\b(prepare|train|evaluate|slow|broken|sh-[0-9a-f]{8})-[0-9a-f]{16}\b/g, '$1-<run>'],
  [/evidence show [0-9a-f]{12}\b/g, 'evidence show <id>'],
  [/\b[0-9a-f]{64}\b/g, '<hex>'],
  [/\b[0-9a-f]{8,16}…/g, '<id>…'],
  [/^(— \S+ )[A-Za-z0-9+/=]{40,}$/gm, '$1<signature>'],
  [/(\.example\+|example \()[0-9a-f]{8}\b/g, '$1<key>'],
  [/[A-Za-z0-9+/]{43}=/g, '<hash>'],
  [/\b\d+\.\d s\b/g, '<time> s'],
  [/ {3}peak \d+ MiB/g, ''],
  [/\b\d+\.\d GiB\b/g, '<n> GiB'],
  [/process `\d+`/g, 'process `<pid>`'],
  [/\b24\.\d+\.\d+ on [a-z0-9]+-[a-z0-9]+/g, '<node>'],
];

/** Takes out of an output what differs from run to run. */
export function normalise(text: string, folder: string): string {
  const here = text.replaceAll(folder, '<folder>').replaceAll(dirname(folder), '<above>');
  return volatile.reduce((all, [pattern, name]) => all.replace(pattern, name), here);
}
