import type { Verdict } from '@holdfast/evidence/check';
import type { AllowList } from './allow-list.ts';
import type { Beside } from './beside.ts';
import type { ByteSource } from './bytes/source.ts';
import { NotUnderstood } from './bytes/source.ts';
import type { About, Left, ScanFinding } from './finding.ts';
import type { Folder } from './folder.ts';
import type { Limits } from './limits.ts';
import type { ScanRule } from './verdict.ts';
import { worst } from './verdict.ts';

/** What all parts of one file share. */
export interface FileScan {
  readonly limits: Limits;
  /** What the user allows beside what Holdfast knows. */
  readonly allow: AllowList;
  /** The folder that the file lies in, for formats that name files beside them. */
  readonly folder: Folder | undefined;
  /** Says how many bytes of the file have been looked at. */
  readonly progress: (bytes: number) => void;
  /** Recognises a part and scans it; set by the scan itself, so that formats need not know each other. */
  readonly recognise: (part: Inspection) => Promise<void>;
}

/** What is spent of the limits, by all parts of a file together. */
interface Spent {
  parts: number;
  unpackedBytes: number;
  findings: number;
  readonly deadline: number;
}

/**
 * One part under inspection: a file, or something inside of one. A format's scanner reads its bytes, reports findings,
 * says what it left, and hands parts inside to be inspected. What it does not mention, it vouches for as understood.
 */
export class Inspection {
  readonly scan: FileScan;
  readonly source: ByteSource;
  /** Names from the file down to this part; empty for the file itself. */
  readonly part: readonly string[];
  /** What the part is called: the file's name, or that of the part within. */
  readonly name: string;
  readonly findings: ScanFinding[] = [];
  readonly left: Left[] = [];
  readonly inside: Inspection[] = [];
  /** Files that loading this part reads or runs as well: the folder as a whole is judged by them. */
  readonly beside: Beside[] = [];
  /** Name of the format, once it is recognised. */
  format: string | undefined;
  /** A few words on what was found: `102 tensors`. */
  summary: string | undefined;
  readonly #spent: Spent;

  constructor(scan: FileScan, source: ByteSource, name: string, parent?: Inspection) {
    this.scan = scan;
    this.source = source;
    this.name = name;
    this.part = parent === undefined ? [] : [...parent.part, name];
    const deadline = performance.now() + scan.limits.time;
    this.#spent = parent === undefined ? { parts: 0, unpackedBytes: 0, findings: 0, deadline } : parent.#spent;
  }

  get limits(): Limits {
    return this.scan.limits;
  }

  /** Of this part and of all that is inside. */
  get verdict(): Verdict {
    return worst([
      ...this.findings.map(({ verdict }) => verdict),
      ...(this.left.length > 0 || this.format === undefined ? (['unknown'] as const) : []),
      ...this.inside.map(({ verdict }) => verdict),
    ]);
  }

  /** Keeps a finding. Beyond the limit only the first is kept of each rule, so that none goes unmentioned. */
  report(rule: ScanRule, about: About): void {
    this.#spent.findings += 1;
    if (this.#spent.findings > this.limits.findings && this.findings.some((kept) => kept.rule === rule.id)) return;
    const { message, fix = rule.fix, ...more } = about;
    const { id, severity, verdict } = rule;
    this.findings.push({
      rule: id,
      severity,
      verdict,
      message,
      fix,
      where: whereOf(this, about),
      part: this.part,
      ...more,
    });
  }

  /** Says that something was not looked at: the file is not clean. */
  leave(reason: string, more: { readonly at?: number; readonly fix?: string } = {}): void {
    if (this.left.length < this.limits.findings) this.left.push({ part: this.part, reason, ...more });
  }

  /** The user vouches for these very bytes. */
  allow(): void {
    this.format = 'allowed';
    this.summary = 'allowed by its digest';
  }

  /** Recognises a part inside by its bytes and scans it. */
  async enter(name: string, source: ByteSource): Promise<Inspection> {
    return this.within(name, source, this.scan.recognise);
  }

  /** Scans a part inside whose format is known. What the scanner throws as not understood is what was left. */
  async within(
    name: string,
    source: ByteSource,
    scanner: (part: Inspection) => void | Promise<void>,
  ): Promise<Inspection> {
    const inside = new Inspection(this.scan, source, name, this);
    this.inside.push(inside);
    this.#spent.parts += 1;
    if (inside.part.length > this.limits.depth) {
      inside.leave(`more than ${this.limits.depth} levels deep: not opened`);
    } else if (this.#spent.parts > this.limits.parts) {
      inside.leave(`the file has more than ${this.limits.parts} parts: not opened`);
    } else await inside.attempt(scanner);
    return inside;
  }

  /** Runs a scanner of this part; not understood becomes `left`. */
  async attempt(scanner: (part: Inspection) => void | Promise<void>): Promise<void> {
    try {
      this.requireTime();
      await scanner(this);
    } catch (error) {
      if (!(error instanceof NotUnderstood)) throw error;
      this.leave(error.message, error.at === undefined ? {} : { at: error.at });
    }
  }

  /** Counts bytes that are unpacked. @throws NotUnderstood beyond the limit */
  unpack(bytes: number): void {
    this.#spent.unpackedBytes += bytes;
    if (this.#spent.unpackedBytes <= this.limits.unpackedBytes) return;
    throw new NotUnderstood(`unpacks to more than ${this.limits.unpackedBytes} bytes`);
  }

  /** To be called now and then by what takes long. @throws NotUnderstood when the time is up */
  requireTime(): void {
    if (performance.now() <= this.#spent.deadline) return;
    throw new NotUnderstood(`the scan took longer than ${this.limits.time / 1000} s`);
  }
}

/** `archive/data.pkl, offset 1204` */
function whereOf({ part, name }: Inspection, { at, within }: About): string {
  const places = [part.length > 0 ? part.join(' › ') : name];
  if (within !== undefined) places.push(within);
  if (at !== undefined) places.push(`offset ${at}`);
  return places.join(', ');
}
