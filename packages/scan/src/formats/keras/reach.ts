import type { Reference } from '../../callables/judge.ts';
import { shown } from '../../finding.ts';
import type { Inspection } from '../../inspection.ts';
import { kerasRules } from './rules.ts';

/** Modules of Python and of frameworks that no model consists of: whatever is taken from them is not a layer. */
const neverModels = new RegExp(
  '^(builtins|os|posix|nt|sys|subprocess|shutil|socket|runpy|importlib|pickle|marshal|ctypes|codecs|code|types|io|pty|inspect' +
    '|tempfile|pathlib|urllib|http|ftplib|smtplib|asyncio|multiprocessing|threading|timeit|operator|functools|webbrowser' +
    '|torch|numpy|tensorflow|pip|setuptools|IPython|requests)(\\.|$)',
);

/** What a configuration takes from a module that is not Keras's. */
export function reportForeign(
  part: Inspection,
  { module, name }: Reference,
  registered: string | undefined,
  path: string,
): void {
  const full = `${module}.${name}`;
  if (part.scan.allow.callables.has(full)) return;
  if (!neverModels.test(module)) {
    reportCustom(part, registered?.includes('>') === true ? registered : full, path);
    return;
  }
  const message = `the configuration reaches ${shown(full)}`;
  part.report(kerasRules.reaches, { message, within: path, reaches: full, when: 'when Keras loads the model' });
}

/** What somebody else than Keras has to bring: it may be harmless, and nothing says so. */
export function reportCustom(part: Inspection, name: string, path: string): void {
  if (part.scan.allow.callables.has(name)) return;
  const message = `${shown(name)} is no class or function of Keras`;
  part.report(kerasRules.custom, { message, within: path, reaches: name, when: 'when Keras loads the model' });
}
