import type { CheckDescription, JsonSchema } from '@holdfast/evidence/check';
import { checkPath } from '@holdfast/pipeline/check-path';
import type { CommandModule, Exit, Invocation } from '../command.ts';
import { CliError } from '../errors.ts';
import { interruption } from '../interruption.ts';
import { labelled } from '../wrap.ts';
import { flagName, type Property, schemaOf } from './data-commands.ts';
import { chosenFiles, requireApart, writeFiles } from './page-files.ts';
import { reportLines } from './report-lines.ts';

/** Carries out one check of data: looks, signs where a project is, tells. */
export function dataCommand(check: CheckDescription): CommandModule['run'] {
  return async (invocation, terminal) => {
    const [artifact = ''] = invocation.arguments;
    const files = chosenFiles(invocation);
    const stop = interruption();
    try {
      const { about, ...checked } = await checkPath({
        ...{ check, artifact, folder: invocation.folder, signal: stop.signal },
        options: given(invocation, check.options),
        located: (path) => {
          requireApart(files, path);
        },
        progress: (done) => {
          terminal.progress(`${Math.round(done * 100)} %   ${check.name}`);
        },
      });
      terminal.progress(undefined);
      const written = await writeFiles(files, { ...checked, about });
      const result = { artifact, ...checked, ...(files.length === 0 ? {} : { written }) };
      const lines = [...reportLines(artifact, check, checked, terminal), ...writtenLines(written)];
      return { exit: exitOf(checked.report), lines, result };
    } finally {
      stop.release();
    }
  };
}

const writtenLines = (written: readonly string[]): string[] =>
  written.length === 0 ? [] : ['', ...labelled('  ', 2, `wrote ${written.join(', ')}`)];

export function exitOf({ verdict }: { readonly verdict: string }): Exit {
  if (verdict === 'fail') return 1;
  return verdict === 'unknown' ? 3 : 0;
}

/** Flags as the options of a check have them. */
export function given({ options }: Invocation, schema: JsonSchema): Record<string, unknown> {
  const { properties } = schemaOf(schema);
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, schema]) => {
      const value = options[flagName(name)];
      return typeof value === 'string' ? [[name, valueOf(name, value, schema)]] : value === true ? [[name, true]] : [];
    }),
  );
}

function valueOf(name: string, text: string, { type }: Property): unknown {
  if (type === 'integer' || type === 'number') return numberOf(name, text);
  if (type === 'object') return objectOf(name, text);
  if (type !== 'array') return text;
  return text.startsWith('[') ? objectOf(name, text) : text.split(',');
}

function numberOf(name: string, text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isFinite(value)) return value;
  throw new CliError('HF_CLI_USAGE', `\`--${flagName(name)}\` takes a number, not \`${text.slice(0, 60)}\``);
}

function objectOf(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CliError('HF_CLI_USAGE', `\`--${flagName(name)}\` takes JSON, such as '{"name": 1}'`, { cause });
  }
}
