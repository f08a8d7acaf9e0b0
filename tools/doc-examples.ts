import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import type { SourceText } from './error-codes.ts';
import { root } from './repository.ts';

/** A piece of TypeScript in the documentation. */
export interface Example {
  /** Where it stands, from the root. */
  readonly path: string;
  /** Line of its first line of code, from 1. */
  readonly line: number;
  readonly code: string;
  /** A docstring's example may use what its own file exports without an import. */
  readonly inScope?: readonly string[];
}

const fence = /^( *)```(\S*)[ ]*(.*)$/;

interface Line {
  readonly text: string;
  readonly number: number;
}

/** The blocks between fences of `ts`, but not those of `ts ignore`. An open fence at the end is closed by it. */
function fenced(path: string, lines: readonly Line[]): Example[] {
  const found: Example[] = [];
  let open: { indent: number; line: number; code: string[] | undefined } | undefined;
  for (const { text, number } of lines) {
    const [, indent = '', language = '', rest = ''] = fence.exec(text) ?? [undefined];
    const isFence = fence.test(text);
    if (open === undefined) {
      const wanted = /^(ts|typescript)$/.test(language) && !rest.includes('ignore');
      if (isFence) open = { indent: indent.length, line: number + 1, code: wanted ? [] : undefined };
    } else if (isFence && language === '') {
      if (open.code !== undefined) found.push({ path, line: open.line, code: open.code.join('\n') });
      open = undefined;
    } else {
      open.code?.push(text.slice(open.indent));
    }
  }
  return found;
}

/** The examples of a page. */
export function examplesOfMarkdown({ path, text }: SourceText): Example[] {
  return fenced(
    path,
    text.split('\n').map((line, index) => ({ text: line.replace(/\r$/, ''), number: index + 1 })),
  );
}

/** The `@example`s of docstrings: the fenced blocks, or all of it when there is no fence. */
export function examplesOfSource({ path, text }: SourceText): Example[] {
  if (!text.includes('@example')) return [];
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const inScope = exportedNames(file);
  return docstrings(file).flatMap(({ from, to }) => {
    const first = file.getLineAndCharacterOfPosition(from).line + 1;
    const lines = text
      .slice(from + 3, to - 2)
      .split('\n')
      .map((line, index) => ({ text: line.replace(/^\s*\* ?/, ''), number: first + index }));
    return exampleTags(lines).flatMap((tag) => ofTag(path, tag).map((example) => ({ ...example, inScope })));
  });
}

function ofTag(path: string, lines: readonly Line[]): Example[] {
  if (lines.some(({ text }) => fence.test(text))) return fenced(path, lines);
  const code = lines
    .map(({ text }) => text)
    .join('\n')
    .trimEnd();
  return code === '' ? [] : [{ path, line: lines[0]?.number ?? 0, code }];
}

/** The lines of every `@example`, up to the next tag. */
function exampleTags(lines: readonly Line[]): Line[][] {
  const tags: Line[][] = [];
  let current: Line[] | undefined;
  for (const { text, number } of lines) {
    const [, name, rest = ''] = /^\s*@(\w+)\s*(.*)$/.exec(text) ?? [];
    if (name !== undefined) {
      current = name === 'example' ? [] : undefined;
      if (current !== undefined) tags.push(current);
      if (rest !== '') current?.push({ text: rest, number });
    } else {
      current?.push({ text, number });
    }
  }
  return tags;
}

function docstrings(file: ts.SourceFile): { from: number; to: number }[] {
  const found = new Map<number, number>();
  const visit = (node: ts.Node): void => {
    for (const { kind, pos, end } of ts.getLeadingCommentRanges(file.text, node.getFullStart()) ?? []) {
      const isDocstring = kind === ts.SyntaxKind.MultiLineCommentTrivia && file.text.startsWith('/**', pos);
      if (isDocstring) found.set(pos, end);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return [...found].map(([from, to]) => ({ from, to }));
}

function exportedNames(file: ts.SourceFile): string[] {
  return file.statements.flatMap((statement) => {
    const isExported =
      ts.canHaveModifiers(statement) &&
      (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    if (!isExported) return [];
    if (ts.isVariableStatement(statement)) {
      return statement.declarationList.declarations.flatMap(({ name }) => (ts.isIdentifier(name) ? [name.text] : []));
    }
    const isNamed = ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement);
    return isNamed && statement.name !== undefined ? [statement.name.text] : [];
  });
}

/** The names that an example uses or declares, and those that it imports. */
function namesIn(code: string): { used: ReadonlySet<string>; declared: ReadonlySet<string> } {
  const used = new Set<string>();
  const declared = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) used.add(node.text);
    const isDeclaration = ts.isImportSpecifier(node) || ts.isVariableDeclaration(node) || ts.isBindingElement(node);
    if ((isDeclaration || ts.isFunctionDeclaration(node)) && node.name !== undefined && ts.isIdentifier(node.name)) {
      declared.add(node.name.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('example.ts', code, ts.ScriptTarget.Latest, false));
  return { used, declared };
}

/** The example as a module: one line before it for what is in scope, so that line numbers differ by one. */
function moduleOf({ path, code, inScope = [] }: Example): string {
  const { used, declared } = namesIn(code);
  const names = inScope.filter((name) => used.has(name) && !declared.has(name));
  const scope = names.length === 0 ? '' : `import { ${names.join(', ')} } from ${JSON.stringify(join(root, path))};`;
  return `${scope}\n${code}\nexport {};\n`;
}

/** Type-checks the examples as users would write them, and says what does not compile, one line each. */
export function compileExamples(examples: readonly Example[], folder: string): string[] {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  const byFile = new Map<string, Example>();
  for (const [index, example] of examples.entries()) {
    const file = join(folder, `example-${index}.ts`);
    byFile.set(file, example);
    writeFileSync(file, moduleOf(example));
  }
  const program = ts.createProgram({ rootNames: [...byFile.keys()], options: options() });
  return [...byFile].flatMap(([file, { path, line }]) => {
    const source = program.getSourceFile(file);
    const diagnostics = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return diagnostics.map(({ start = 0, messageText }) => {
      const at = (source?.getLineAndCharacterOfPosition(start).line ?? 1) - 1;
      return `${path}:${line + at}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
    });
  });
}

/** What the repository compiles with, without the names of its files. */
function options(): ts.CompilerOptions {
  const read = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path));
  const config: unknown = { ...(read.config as object), files: [], include: [] };
  const parsed = ts.parseJsonConfigFileContent(config, ts.sys, root).options;
  return { ...parsed, noEmit: true, rewriteRelativeImportExtensions: false, allowImportingTsExtensions: true };
}
