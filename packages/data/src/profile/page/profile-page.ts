import { writeFile } from 'node:fs/promises';
import type { ProfileAbout } from '../about.ts';
import type { Profile } from '../profile-of.ts';
import { columnSection } from './column-section.ts';
import { heatMaps } from './heat-map.ts';
import { html, Markup } from './markup.ts';
import { numberText, shortened } from './number-text.ts';
import { columnIndex, missingBars, origin, overview, remarks } from './overview.ts';
import { style } from './style.ts';

/** So many columns are unfolded; more make a page too long to look through. */
const unfolded = 40;
/** So many columns have a section of their own. */
const shown = 2000;

/**
 * A profile as one page of HTML: no script, nothing from elsewhere, light and dark, and whatever stands in the data is text.
 *
 * @example
 * ```ts
 * import { profileOf, profilePage } from '@holdfast/data';
 * import { openTable } from '@holdfast/dataset';
 *
 * const table = await openTable('applicants.csv');
 * const page: string = profilePage(await profileOf([table]), { name: 'applicants' });
 * await table.close();
 * ```
 */
export function profilePage(profile: Profile, about: ProfileAbout): string {
  const { columns, rows } = profile;
  const sections = columns
    .slice(0, shown)
    .map((column, at) => columnSection(column, at, rows, columns.length <= unfolded));
  const more =
    columns.length > shown
      ? html`<p class="note">${numberText(columns.length - shown)} more columns stand in the profile.</p>`
      : undefined;
  const body = html`${overview(profile, about)}${remarks(profile)}${missingBars(profile)}${heatMaps(profile)}<section id="columns"><h2>Columns</h2>${columnIndex({ ...profile, columns: columns.slice(0, shown) })}${sections}${more}</section>${origin(profile, about)}`;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><meta name="referrer" content="no-referrer"><title>${shortened(about.name, 80)}: profile</title><style>${new Markup(style)}</style></head><body>${body}</body></html>
`.text;
}

/** Writes {@link profilePage} to a file. */
export async function writeProfilePage(path: string, profile: Profile, about: ProfileAbout): Promise<void> {
  await writeFile(path, profilePage(profile, about));
}
