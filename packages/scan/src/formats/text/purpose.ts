/** What a text is for, by its name and its first lines. */
export interface Purpose {
  readonly kind: 'plain' | 'code' | 'template' | 'yaml' | 'lightgbm' | 'unclear';
  /** `Python`, `text`. */
  readonly title: string;
  /** Why it is unclear. */
  readonly reason?: string;
}

const languages: ReadonlyMap<string, string> = new Map([
  ...(['py', 'pyw', 'pyi', 'pyx', 'pth'] as const).map((extension) => [extension, 'Python'] as const),
  ...(['sh', 'bash', 'zsh', 'fish', 'csh', 'ps1', 'psm1', 'bat', 'cmd'] as const).map(
    (extension) => [extension, 'a shell script'] as const,
  ),
  ...(['js', 'mjs', 'cjs', 'jsx', 'ts', 'tsx'] as const).map((extension) => [extension, 'JavaScript'] as const),
  ...(['rb', 'pl', 'php', 'lua', 'r', 'jl', 'java', 'scala', 'kt', 'cs', 'vbs', 'm', 'swift', 'go', 'rs'] as const).map(
    (extension) => [extension, 'source code'] as const,
  ),
  ...(['c', 'cc', 'cpp', 'cxx', 'h', 'hpp', 'cu', 'cuh', 'metal', 'cl', 's', 'asm', 'mk', 'cmake'] as const).map(
    (extension) => [extension, 'source code'] as const,
  ),
]);

const plainExtensions = new Set(
  'txt md markdown rst csv tsv jsonl toml ini cfg log vocab merges bpe bib license lock gitkeep label labels classes'.split(
    ' ',
  ),
);
const plainNames =
  /^(?:readme|licen[cs]e|notice|copying|authors|contributors|contributing|changelog|changes|citation|security|use_policy|usage_policy|code_of_conduct|acknowledgements?|codeowners|version|vocab|merges|\.gitattributes|\.gitignore|\.gitkeep|\.gitmodules|\.dockerignore|\.editorconfig)(?:[-._].*)?$/i;
/** What may stand behind the last point of such a name: nothing, a version, a language, a licence. Programs have others. */
const tells =
  /^(?:|\d{1,8}|en|zh|ja|ko|fr|de|es|pt|ru|it|apache|mit|bsd|gpl|lgpl|mpl|cc|git(?:attributes|ignore|keep|modules)|dockerignore|editorconfig)$/;
const programs = /^(?:makefile|dockerfile|containerfile|jenkinsfile|rakefile|gemfile|setup|configure|justfile)$/i;

/** @param head the first few thousand characters */
export function purposeOf(path: string, head: string): Purpose {
  const name = path.split('/').at(-1) ?? path;
  const extension = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  const language = languages.get(extension);
  if (head.startsWith('version https://git-lfs.github.com/spec/')) {
    return unclear('Git LFS pointer', 'a Git LFS pointer: the file that it stands for is not here');
  }
  if (head.startsWith('#!')) return { kind: 'code', title: language ?? 'a script' };
  if (language !== undefined || programs.test(name)) return { kind: 'code', title: language ?? 'a build script' };
  if (/^(?:jinja2?|j2)$/.test(extension)) return { kind: 'template', title: 'chat template' };
  if (/^\s*<(?:!doctype|\?xml|html|svg|script|pmml)/i.test(head) || /^(?:html?|xhtml|svg|xml|pmml)$/.test(extension)) {
    return unclear('a page or a drawing', 'HTML, SVG or XML: programs that open it may run scripts in it');
  }
  if (/^(?:ya?ml|cff)$/.test(extension)) return { kind: 'yaml', title: 'YAML' };
  if (/^tree\r?\nversion=v\d/.test(head)) return { kind: 'lightgbm', title: 'LightGBM model' };
  if (/^(?:json|ipynb)$/.test(extension)) return unclear('text', 'named as JSON, it is none');
  if (startsAsPython(head)) return { kind: 'code', title: 'Python' };
  if (plainExtensions.has(extension) || (plainNames.test(name) && tells.test(extension)))
    return { kind: 'plain', title: 'text' };
  return { kind: 'unclear', title: 'text' };
}

/** Whatever it is called: the first line that is no comment imports something, which no prose and no table does. */
function startsAsPython(head: string): boolean {
  const first = head.split('\n', 200).find((line) => !/^\s*(?:#.*)?$/.test(line)) ?? '';
  return /^(?:import [\w.]+(?: as \w+)?(?:, *[\w.]+)*|from [\w.]+ import [\w*(, ]+\)?)\s*(?:[;#].*)?$/.test(first);
}

function unclear(title: string, reason: string): Purpose {
  return { kind: 'unclear', title, reason };
}
