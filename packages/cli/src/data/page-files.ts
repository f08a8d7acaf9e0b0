import { realpathSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import type { Profile } from '@holdfast/data';
import { coverageCheck } from '@holdfast/data/coverage/check';
import { driftCheck } from '@holdfast/data/drift/check';
import { poisonCheck } from '@holdfast/data/poison/check';
import { predicateTypes } from '@holdfast/evidence/predicates/types';
import type { CheckedPath } from '@holdfast/pipeline/check-path';
import { type Invocation, textOption } from '../command.ts';
import { CliError } from '../errors.ts';
import { pathIn } from '../invocation.ts';
import { writeWhole } from '../scan/write-whole.ts';
import type { Form } from './page-flags.ts';

const forms: readonly Form[] = ['page', 'croissant'];

/** A file that is to be written, as somebody named it and where it lies. */
interface ChosenFile {
  readonly form: Form;
  readonly name: string;
  readonly path: string;
}

/**
 * The files that the flags name.
 *
 * @throws CliError HF_CLI_USAGE where two have one place
 */
export function chosenFiles(invocation: Invocation): readonly ChosenFile[] {
  const files = forms.flatMap((form) => {
    const name = textOption(invocation, form);
    return name === undefined ? [] : [{ form, name, path: placeOf(pathIn(invocation, name)) }];
  });
  const twice = files.find(({ path }, at) => files.slice(0, at).some((other) => other.path === path));
  if (twice !== undefined) throw refused(`--${twice.form} ${twice.name}`, 'two files cannot lie in one place');
  return files;
}

/**
 * A page must not be written over what it is of.
 *
 * @throws CliError HF_CLI_USAGE
 */
export function requireApart(files: readonly ChosenFile[], artifact: string): void {
  for (const { form, name, path } of files) requireNotOver(`--${form} ${name}`, path, artifact);
}

/** @throws CliError HF_CLI_USAGE where what is to be written would lie over data, or among them */
export function requireNotOver(option: string, path: string, artifact: string): void {
  const data = placeOf(artifact);
  if (path !== data && !path.startsWith(`${data}${sep}`)) return;
  throw refused(option, 'it would be written over the data, or among them');
}

const refused = (option: string, why: string): CliError =>
  new CliError('HF_CLI_USAGE', `\`${option}\`: ${why}`, { fix: 'name another file' });

/** Where a path leads to, also one at which there is nothing yet. */
export function placeOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return dirname(path) === path ? path : join(placeOf(dirname(path)), basename(path));
  }
}

/** Writes the files of what was found out; where nothing was, none. Returns their names. */
export async function writeFiles(
  files: readonly ChosenFile[],
  { report, beside, about }: Pick<CheckedPath, 'report' | 'beside' | 'about'>,
): Promise<readonly string[]> {
  if (files.length === 0) return [];
  const texts = await textsOf(report, beside, about);
  const written: string[] = [];
  for (const { form, path, name } of files) {
    const text = texts[form]?.();
    if (text === undefined) continue;
    await writeWhole(path, text);
    written.push(name);
  }
  return written;
}

type Texts = Partial<Record<Form, () => string | undefined>>;

async function textsOf(
  report: CheckedPath['report'],
  beside: CheckedPath['beside'],
  about: CheckedPath['about'],
): Promise<Texts> {
  if (report.check.name === coverageCheck.name) {
    if (report.metrics['rows'] === undefined) return {};
    const { coveragePage } = await import('@holdfast/data/coverage/page/coverage-page');
    return { page: () => coveragePage(report, about) };
  }
  if (report.check.name === poisonCheck.name) {
    const { poisonPage } = await import('@holdfast/data/poison/page/poison-page');
    return { page: () => poisonPage(report, about) };
  }
  const { croissant, driftPage, profilePage } = await import('@holdfast/data');
  if (report.check.name === driftCheck.name) return { page: () => driftPage(report, about) };
  const profile = beside.find(({ predicateType }) => predicateType === predicateTypes.datasetProfile)?.predicate;
  if (profile === undefined) return {};
  return {
    page: () => profilePage(profile as Profile, about),
    croissant: () => `${JSON.stringify(croissant(profile as Profile, about), null, 2)}\n`,
  };
}
