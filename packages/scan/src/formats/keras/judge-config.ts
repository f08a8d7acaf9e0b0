import { NotUnderstood } from '../../bytes/source.ts';
import type { Inspection } from '../../inspection.ts';
import { judgeObject } from './judge-object.ts';

/** Configurations nest a few levels for each model within a model; a deeper one is not Keras's. */
const deepest = 400;
const mostValues = 4_000_000;
const mostBytes = 2 ** 25;

/** One value of a configuration that is still to be looked at. */
interface Pending {
  readonly value: unknown;
  readonly path: string;
  readonly depth: number;
}

/**
 * Judges a configuration in JSON: every object in it that Keras would make from a class and its arguments, at any depth.
 *
 * @param at the place of the text, for findings
 * @throws NotUnderstood when it is not JSON, too long or too deep
 */
export function judgeConfigText(part: Inspection, text: string, at: string): void {
  if (text.length > mostBytes) throw new NotUnderstood(`a configuration of ${text.length} characters`);
  judgeConfig(part, parseJson(text), at);
}

/** @throws NotUnderstood when it is not JSON */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new NotUnderstood('a configuration that is not JSON');
  }
}

/** Judges a configuration. @throws NotUnderstood when it is too deep */
export function judgeConfig(part: Inspection, config: unknown, at: string): void {
  const pending: Pending[] = [{ value: config, path: at, depth: 0 }];
  let seen = 0;
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value, path, depth } = next;
    if (typeof value !== 'object' || value === null) continue;
    seen += 1;
    if (depth > deepest || seen > mostValues) throw new NotUnderstood(`a configuration deeper than ${deepest} levels`);
    if (seen % 4096 === 0) part.requireTime();
    if (!Array.isArray(value)) judgeObject(part, value as Readonly<Record<string, unknown>>, path);
    for (const [key, inside] of Object.entries(value)) {
      if (typeof inside === 'object' && inside !== null) {
        pending.push({
          value: inside,
          path: longer(path, Array.isArray(value) ? `[${key}]` : `.${key}`),
          depth: depth + 1,
        });
      }
    }
  }
}

/** The place of a value: its beginning is dropped where it would become too long to read. */
function longer(path: string, step: string): string {
  const whole = path + step;
  return whole.length > 200 ? `…${whole.slice(-160)}` : whole;
}
