import type { Opened, Shape } from '../callables/judge.ts';
import { shown } from '../finding.ts';
import { effectRules, pickleRules } from '../formats/pickle/rules.ts';
import type { Inspection } from '../inspection.ts';
import type { ScanRule } from '../verdict.ts';
import type { Event, Listener } from './calls.ts';
import { described, named } from './describe.ts';
import { OpenedFiles } from './opened-files.ts';

const when = 'as soon as the pickle is loaded';
/** Places that are told of one and the same thing. */
const mostPlaces = 3;
const mostPending = 2 ** 12;

/** Makes findings of what a machine runs into, and tells each thing a few times at most. */
export class PickleReport implements Listener {
  readonly files = new OpenedFiles();
  readonly #part: Inspection;
  readonly #told = new Map<string, number>();
  /** What was only named so far: a call says more, and the end tells what was never called. */
  #pending: Event[] = [];

  constructor(part: Inspection) {
    this.#part = part;
  }

  judged(event: Event): void {
    if (event.called) this.#tell(event);
    else this.#pending.push(event);
    if (this.#pending.length > mostPending) this.end();
  }

  opens(opened: Opened): void {
    this.files.add(opened);
  }

  odd(message: string, at: number): void {
    if (this.#first(`odd ${message}`, 1)) this.#part.report(pickleRules.ambiguous, { message, at });
  }

  misframed(message: string, at: number): void {
    if (!this.#first('frame', 1)) return;
    this.#part.report(pickleRules.frame, { message: `${message}: each loader reads another pickle`, at });
  }

  extension(code: number, at: number): void {
    if (!this.#first('extension', mostPlaces)) return;
    const message = `it names entry ${code} of the loading program's extension registry`;
    this.#part.report(pickleRules.extension, { message, at, when });
  }

  persistent(id: Shape, at: number): void {
    if (!this.#first('persistent', mostPlaces)) return;
    const message = `it refers to an object outside, ${shown(described(id))}, and nothing is known about it`;
    this.#part.report(pickleRules.persistent, { message, at, when });
  }

  /** Tells what is still to be told. */
  end(): void {
    const pending = this.#pending;
    this.#pending = [];
    for (const event of pending) {
      if (!this.#told.has(keyOf(event))) this.#tell(event);
    }
  }

  #tell(event: Event): void {
    const { judgement, at, steps, called } = event;
    if (!this.#first(keyOf(event), called ? mostPlaces : 1)) return;
    const rule: ScanRule = judgement.verdict === 'fail' ? effectRules[judgement.effect] : pickleRules.unlisted;
    const reaches = shown(named(judgement.reaches), 200).slice(1, -1);
    const act = called ? 'calls' : 'names';
    const what = judgement.verdict === 'fail' ? judgement.does : judgement.because;
    this.#part.report(rule, {
      message: `it ${act} ${shown(reaches, 200)}: ${what}`,
      ...{ at, reaches, when, trail: steps },
    });
  }

  #first(key: string, most: number): boolean {
    const count = (this.#told.get(key) ?? 0) + 1;
    this.#told.set(key, count);
    return count <= most;
  }
}

function keyOf({ judgement }: Event): string {
  const effect = judgement.verdict === 'fail' ? judgement.effect : 'unlisted';
  return `${effect} ${judgement.reaches.module} ${judgement.reaches.name}`;
}
