import { realpathSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import type { Profile, ProfileAbout } from '@holdfast/data';
import { predicateTypes } from '@holdfast/evidence/predicates/types';
import type { CheckedPath } from '@holdfast/pipeline/check-path';
import { type Invocation, textOption } from '../command.ts';
import { CliError } from '../errors.ts';
import { pathIn } from '../invocation.ts';
import { writeWhole } from '../scan/write-whole.ts';
import { profileFlags } from './profile-flags.ts';

type Form = keyof typeof profileFlags;

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
  const files = (Object.keys(profileFlags) as Form[]).flatMap((form) => {
    const name = textOption(invocation, form);
    return name === undefined ? [] : [{ form, name, path: placeOf(pathIn(invocation, name)) }];
  });
  const twice = files.find(({ path }, at) => files.slice(0, at).some((other) => other.path === path));
  if (twice !== undefined) throw refused(twice, 'two files cannot lie in one place');
  return files;
}

/**
 * What is said of data must not be written over them.
 *
 * @throws CliError HF_CLI_USAGE
 */
export function requireApart(files: readonly ChosenFile[], artifact: string): void {
  const data = placeOf(artifact);
  const wrong = files.find(({ path }) => path === data || path.startsWith(`${data}${sep}`));
  if (wrong !== undefined) throw refused(wrong, 'it would be written over the data, or among them');
}

const refused = ({ form, name }: ChosenFile, why: string): CliError =>
  new CliError('HF_CLI_USAGE', `\`--${form} ${name}\`: ${why}`, { fix: 'name another file' });

/** Where a path leads to, also one at which there is nothing yet. */
function placeOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return dirname(path) === path ? path : join(placeOf(dirname(path)), basename(path));
  }
}

/** What the files are written from. */
type Checked = Pick<CheckedPath, 'report' | 'beside'>;

/** Writes the files; where nothing was found out there is nothing to write. Returns their names. */
export async function writeFiles(
  files: readonly ChosenFile[],
  checked: Checked,
  about: ProfileAbout,
): Promise<readonly string[]> {
  const texts = files.length === 0 ? undefined : await textsOf(checked, about);
  if (texts === undefined) return [];
  for (const { form, path } of files) await writeWhole(path, texts[form]());
  return files.map(({ name }) => name);
}

async function textsOf(
  { report, beside }: Checked,
  about: ProfileAbout,
): Promise<Readonly<Record<Form, () => string>> | undefined> {
  if (report.check.name === 'data.coverage') {
    if (report.metrics['rows'] === undefined) return undefined;
    const { coveragePage } = await import('@holdfast/data/coverage/page/coverage-page');
    return { page: () => coveragePage(report, about), croissant: () => '' };
  }
  const profile = beside.find(({ predicateType }) => predicateType === predicateTypes.datasetProfile)?.predicate;
  if (profile === undefined) return undefined;
  const { croissant, profilePage } = await import('@holdfast/data');
  return {
    page: () => profilePage(profile as Profile, about),
    croissant: () => `${JSON.stringify(croissant(profile as Profile, about), null, 2)}\n`,
  };
}
