import fc from 'fast-check';
import { judgeFor } from '../../src/callables/judge-for.ts';
import { forms, judgedOrder, type Order, ordersOf } from './orders.ts';
import { runPython } from './python.ts';

/** What run-calls.py says about a call. */
interface Ran {
  readonly events: readonly (readonly [name: string, about: string])[];
  readonly raised?: string | null;
  readonly unmade?: string;
}

export interface Outcome {
  /** Calls that were run. */
  readonly ran: number;
  /** Those of them that came back without an exception. */
  readonly returned: number;
  /** Forms of a call of which none that matches was made. */
  readonly untried: readonly string[];
  /** `name: event`, for what was seen under the hook. */
  readonly seen: readonly string[];
}

const judge = judgeFor({ callables: new Set(), digests: new Set() });

/** Runs calls of every allowed form, `perForm` each, in CPython under an audit hook. */
export function runAllowed(environment: 'scan' | 'scan-torch', perForm: number, seed: number): Outcome {
  const untried: string[] = [];
  const orders: Order[] = [];
  for (const form of forms) {
    const [{ names }, kind] = form;
    if (names[0]!.startsWith('torch') !== (environment === 'scan-torch')) continue;
    const drawn = fc.sample(ordersOf(form), { numRuns: perForm * 12, seed });
    const allowed = drawn.filter((order) => judgedOrder(judge, order) !== undefined).slice(0, perForm);
    if (allowed.length === 0) untried.push(`${kind} ${names[0]!}`);
    orders.push(...allowed);
  }
  return summary(orders, ranOf(environment, orders), untried);
}

/** @throws where Python itself ends, which no allowed call may bring about */
export function ranOf(environment: 'scan' | 'scan-torch', orders: readonly unknown[]): readonly Ran[] {
  const lines = orders.map((order) => JSON.stringify(order)).join('\n');
  const output = runPython(environment, 'run-calls.py', [], lines).trim().split('\n');
  if (output.length !== orders.length) throw new Error(`${output.length} of ${orders.length} calls were run`);
  return output.map((line) => JSON.parse(line) as Ran);
}

function summary(orders: readonly Order[], ran: readonly Ran[], untried: readonly string[]): Outcome {
  const seen = ran.flatMap(({ events }, index) =>
    events.map(([name, about]) => `${orders[index]!.callee.slice(1).join('.')}: ${name} ${about}`),
  );
  const made = ran.filter(({ unmade }) => unmade === undefined);
  return { ran: made.length, returned: made.filter(({ raised }) => raised === null).length, untried, seen };
}
