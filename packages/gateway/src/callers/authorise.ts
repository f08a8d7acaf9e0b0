import { readFile } from 'node:fs/promises';
import { canonicalJson } from '@holdfast/evidence/canonical-json';
import type { ArtifactFacts } from '@holdfast/policy/artifact-facts';
import { isAllowed } from '@holdfast/policy/decide';
import { invokePolicy, invokePolicyName } from '@holdfast/policy/invoke-policy.cedar';
import { type LoadedPolicy, loadPolicy, sha256 } from '@holdfast/policy/load-policy';
import type { Binding } from '@holdfast/policy/request';
import type { Served } from '../admission/admission.ts';
import type { Caller } from './caller.ts';
import { reread } from './reread.ts';
import { watchFileChanges } from './watch-file.ts';

/** An admitted model. */
export interface Invoked {
  readonly artifact: string;
  readonly facts: ArtifactFacts;
  /** How it is known that the model server runs it; `asserted` when absent. */
  readonly binding?: Binding;
}

export interface InvokePolicy {
  /** The project's own policy, an absolute path; without one the built-in counts. */
  readonly path?: string;
  /** Names of checks that a policy can ask about. */
  readonly knownChecks: readonly string[];
  /** Decisions that are remembered at most; 50,000 when left out. */
  readonly most?: number;
}

/** What is told of a project's policy. */
export interface InvokeEvents {
  loaded?(policyDigest: string): void;
  /** It cannot be used: from now on nobody may ask anything. */
  unusable(error: unknown): void;
}

const mostDecisions = 50_000;

interface Subject extends Served {
  readonly artifact: string;
  readonly binding: Binding;
  readonly decisions: Map<string, boolean>;
}

/**
 * Whether a caller may `invoke` an admitted model: Cedar decides, and what it said is remembered by all that it was asked about, until
 * the policy changes. A key or token that is for some models is refused for every other, whatever the policy. No time is given to a
 * policy: what it said at one would be remembered at another.
 */
export class Authoriser {
  readonly #asked: InvokePolicy;
  readonly #events: InvokeEvents;
  #policy: LoadedPolicy | undefined;
  #unwatch: (() => void) | undefined;
  #size = 0;
  readonly #decisions = new Map<string, Map<string, boolean>>();
  #subjects = new WeakMap<ArtifactFacts, Subject>();
  readonly #callers = new WeakMap<Caller, string>();

  private constructor(asked: InvokePolicy, events: InvokeEvents) {
    this.#asked = asked;
    this.#events = events;
  }

  /** @throws PolicyError, or the system's error, where the policy cannot be used at the start */
  static async open(asked: InvokePolicy, events: InvokeEvents): Promise<Authoriser> {
    const authoriser = new Authoriser(asked, events);
    const { path } = asked;
    authoriser.#unwatch = path === undefined ? () => undefined : watchFileChanges(path, () => void authoriser.reload());
    try {
      authoriser.#policy = await loaded(asked);
    } catch (error) {
      authoriser.close();
      throw error;
    }
    return authoriser;
  }

  /** Decisions that are remembered. */
  get size(): number {
    return this.#size;
  }

  /** SHA-256 of the policy that decides; undefined while none can. */
  get policyDigest(): string | undefined {
    return this.#policy?.policyDigest;
  }

  /** Never throws: what keeps it from being decided is a no. */
  authorise(caller: Caller, served: Served, invoked: Invoked): boolean {
    const policy = this.#policy;
    if (policy === undefined || (caller.scopes !== undefined && !caller.scopes.includes(served.model))) return false;
    const { decisions } = this.#subjectOf(served, invoked);
    const who = this.#keyOf(caller);
    const known = decisions.get(who);
    if (known !== undefined) return known;
    const isYes = ask(policy, caller, served, invoked);
    this.#remember(decisions, who, isYes);
    return isYes;
  }

  /** Reads the policy again. Ends when what the file holds now, or later, decides. */
  readonly reload = reread(async () => this.#read());

  close(): void {
    this.#unwatch?.();
    this.#unwatch = undefined;
    this.#replace(undefined);
  }

  async #read(): Promise<void> {
    try {
      const policy = await loaded(this.#asked);
      if (this.#unwatch === undefined) return;
      this.#replace(policy);
      this.#events.loaded?.(policy.policyDigest);
    } catch (error) {
      this.#replace(undefined);
      this.#events.unusable(error);
    }
  }

  #replace(policy: LoadedPolicy | undefined): void {
    this.#policy = policy;
    this.#forget();
  }

  #forget(): void {
    this.#decisions.clear();
    this.#subjects = new WeakMap();
    this.#size = 0;
  }

  #remember(decisions: Map<string, boolean>, who: string, isYes: boolean): void {
    if (this.#size >= (this.#asked.most ?? mostDecisions)) {
      // What is forgotten is asked again, this one as well: its place is gone.
      this.#forget();
      return;
    }
    decisions.set(who, isYes);
    this.#size += 1;
  }

  /** The same facts are the same object until the gate is asked again: only then are they digested. */
  #subjectOf({ model, environment }: Served, { artifact, facts, binding = 'asserted' }: Invoked): Subject {
    const last = this.#subjects.get(facts);
    const isServed = last?.model === model && last.environment === environment;
    if (isServed && last.artifact === artifact && last.binding === binding) return last;
    const key = sha256(canonicalJson([model, environment, artifact, binding, facts]));
    const decisions = this.#decisions.get(key) ?? new Map<string, boolean>();
    const subject = { model, environment, artifact, binding, decisions };
    this.#decisions.set(key, decisions);
    this.#subjects.set(facts, subject);
    return subject;
  }

  /** Everything of a caller that a policy can read. */
  #keyOf(caller: Caller): string {
    const known = this.#callers.get(caller);
    if (known !== undefined) return known;
    const { id, name, roles, scopes, tenant } = caller;
    const key = JSON.stringify([id, name, roles, scopes ?? null, tenant]);
    this.#callers.set(caller, key);
    return key;
  }
}

async function loaded({ path, knownChecks }: InvokePolicy): Promise<LoadedPolicy> {
  const text = path === undefined ? invokePolicy : await readFile(path, 'utf8');
  return loadPolicy({ texts: [{ name: path ?? invokePolicyName, text }], knownChecks });
}

/** A token names a person or a service by its account, a key or certificate is one. The gate has let through what is admitted. */
function ask(
  policy: LoadedPolicy,
  caller: Caller,
  { model, environment }: Served,
  { artifact, facts, binding = 'asserted' }: Invoked,
): boolean {
  const { id, name, roles, scopes, tenant } = caller;
  const known = { ...(scopes === undefined ? {} : { scopes }), tenant };
  return isAllowed(policy, {
    principal: { type: id.startsWith('jwt:') ? 'Person' : 'Key', id, name, roles, ...known },
    action: 'invoke',
    artifact: { id: artifact, name: model, facts },
    context: { environment, evidenceVerified: true, model, binding },
  });
}
