import ts from 'typescript';
import type { ErrorRegistry } from './error-registries.ts';

export interface SourceText {
  /** From the root, for messages. */
  readonly path: string;
  readonly text: string;
}

export interface ErrorCodeQuestion {
  readonly registries: readonly ErrorRegistry[];
  /** Everything under `packages/NAME/src`. */
  readonly sources: readonly SourceText[];
  /** Tests, and the vectors that they read. */
  readonly tests: readonly SourceText[];
  /** docs/errors.md */
  readonly documentation: string;
}

const codePattern = /\bHF_[A-Z0-9]+(?:_[A-Z0-9]+)*\b/g;

/** What is wrong with the error codes, one line each: every code is documented, raised and tested, and declared once. */
export function errorCodeProblems({ registries, sources, tests, documentation }: ErrorCodeQuestion): string[] {
  const declared = registries.flatMap(({ package: owner, file, errors }) =>
    Object.keys(errors).map((code) => ({ code, owner, file })),
  );
  const raised = new Set(sources.flatMap(({ path, text }) => codesInStrings(path, text)));
  const tested = new Set(tests.flatMap(({ text }) => text.match(codePattern) ?? []));
  const documented = new Set(documentation.match(codePattern) ?? []);
  const known = new Set(declared.map(({ code }) => code));
  return [
    ...declared.flatMap(({ code, file }) => [
      ...(documented.has(code) ? [] : [`${file}: ${code} is not in docs/errors.md: npm run generate`]),
      ...(raised.has(code) ? [] : [`${file}: ${code} is raised nowhere`]),
      ...(tested.has(code) ? [] : [`${file}: ${code} is in no test`]),
    ]),
    ...twice(declared),
    ...[...raised].filter((code) => !known.has(code)).map((code) => `${code} is raised, but no registry declares it`),
  ];
}

function twice(declared: readonly { readonly code: string; readonly owner: string }[]): string[] {
  const owners = Map.groupBy(declared, ({ code }) => code);
  return [...owners]
    .filter(([, by]) => by.length > 1)
    .map(([code, by]) => `${code} is declared by ${by.map(({ owner }) => owner).join(' and ')}`);
}

/** The codes that stand in strings: not those in comments, nor the keys of a registry. */
export function codesInStrings(path: string, text: string): string[] {
  if (!text.includes('HF_')) return [];
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) {
      const isKey = ts.isPropertyAssignment(node.parent) && node.parent.name === node;
      if (!isKey) found.push(...(node.text.match(codePattern) ?? []));
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
  return found;
}
