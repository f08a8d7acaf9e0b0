import type { SourceText } from './error-codes.ts';

/** What belongs to one machine and not to the project. */
const rules: readonly { readonly pattern: RegExp; readonly what: string }[] = [
  { pattern: /(?<![\w.~-])\/(?:work|workspace|workspaces)\/[\w.-]+/, what: 'a path of one machine' },
  { pattern: /(?<![\w.~-])\/(?:home|Users|root)\/[\w.-]+/, what: 'the home folder of somebody' },
  {
    pattern: /https?:\/\/(?:[\w-]+\.)*(?:registry|npmmirror|artifactory|nexus|verdaccio|pypi|goproxy)\b[\w.:/-]*/,
    what: 'the host of a registry',
  },
  { pattern: /--(?:index-url|extra-index-url|registry)[ =]/, what: 'the host of a registry' },
  { pattern: /\bshared\/(?:DESIGN|FACTS|WALKTHROUGH)\b/, what: 'a file that is not in the repository' },
];

/** Where a file says something that only one machine understands, one line each. */
export function forbiddenWords(files: readonly SourceText[]): string[] {
  return files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) =>
      rules.flatMap(({ pattern, what }) => {
        const found = pattern.exec(line);
        return found === null ? [] : [`${path}:${index + 1}: \`${found[0]}\` is ${what}`];
      }),
    ),
  );
}
