import { openTable, type Table } from '@holdfast/dataset';
import { type Profile, profileOf } from '../../src/profile/profile-of.ts';
import { suggestSuite } from '../../src/suggest/suggest-suite.ts';
import type { SuggestedSuite } from '../../src/suggest/suggestion.ts';
import { suiteText } from '../../src/suggest/suite-text.ts';
import { runSuite } from '../../src/validate/run-suite.ts';
import { parseSuite } from '../../src/validate/suite.ts';

/** The suite that is proposed for a file, as text. */
export async function suggestedFor(path: string, values = true): Promise<SuggestedSuite & { readonly text: string }> {
  const table = await openTable(path, { threads: 1 });
  try {
    const profile: Profile = await profileOf([table], { digest: false, correlations: false, values });
    const suite = await suggestSuite([table], profile, { margin: 0.1, isCsv: path.endsWith('.csv') });
    return { ...suite, text: suiteText('people', suite, {}) };
  } finally {
    await table.close();
  }
}

/** What a file does not meet, or what of the suite is not understood. */
export async function missedBy(path: string, text: string): Promise<readonly string[]> {
  const table = await openTable(path, { threads: 1 });
  try {
    return await missedIn(table, text);
  } finally {
    await table.close();
  }
}

export async function missedIn(table: Table, text: string): Promise<readonly string[]> {
  const judged = await runSuite([table], parseSuite(text), { rows: 0 });
  const open = judged.filter(({ outcome }) => outcome?.success !== true);
  return open.map(({ request, reason }) => `${request.type}${reason === undefined ? '' : `: ${reason}`}`);
}
