import { NotUnderstood } from '../../bytes/source.ts';
import { shown } from '../../finding.ts';
import type { Inspection } from '../../inspection.ts';
import { reportTarget } from '../json/named-code.ts';
import { huggingFaceRules, jsonRules } from '../json/rules.ts';
import { textRules } from './rules.ts';

const maximumBytes = 2 ** 22;
/** Tags of YAML's own schemas: https://yaml.org/spec/1.2.2/#chapter-10-recommended-schemas and YAML 1.1's types. */
const core = /^!!(?:map|seq|str|null|bool|int|float|binary|merge|omap|pairs|set|timestamp|value)$/;
const tag = /(?:^|[\s\x85,[{:?-])(!<[^>\n]*|![^\s,[\]{}"'`]*)/g;
const directive = /(?:^|[\ufeff\x85])%(?!YAML\s)\w+.*$/m;
const anchor = /(?:^|[\s\x85,[{:?-])([&*])([\w.-]+)/g;

/** Aliases of collections: ten of ten of ten … */
const maximumAliases = 1000;

/**
 * Looks for what makes YAML more than data: tags, which loaders turn into objects, and aliases that multiply. It looks
 * at all of the text, also at what may be inside of a string: a tag cannot be written without its `!`.
 */
export function scanYaml(part: Inspection): void {
  const { size } = part.source;
  if (size > maximumBytes) throw new NotUnderstood(`YAML of ${size} bytes`);
  const text = Buffer.from(part.source.read(0, size)).toString('utf8');
  // A comment that has a line to itself. One with a quote in it may be no comment, but the end of a text.
  const lines = text.replace(/^[ \t]*#[^"'\n\r\x85\u2028\u2029]*$/gm, '');
  reportTags(part, lines);
  reportAliases(part, lines);
  const plain = unescaped(lines);
  reportTargets(part, plain);
  if (trusts.test(plain)) {
    part.report(huggingFaceRules.trust, { message: 'it sets `trust_remote_code` itself', at: 0 });
  }
}

/** Whatever is not plainly a no: `!!bool true`, a value behind an anchor. */
const trusts = /trust_remote_code\b(?!["']?\s*:\s*["']?(?:false|no|off|n|null|~)["']?\s*(?:[#,}\n\r]|$))/i;
const targetKey = /\b(_target_|class_path)\b/g;
const plainValue = /["']?\s*:\s*(["']?)([\w.]+)\1[ \t]*(?=[,}\n\r#]|$)/y;

/** Keys whose value is imported. Where that is not plainly a name, an alias or a folded text could spell any. */
function reportTargets(part: Inspection, text: string): void {
  for (const { 1: key = '', index } of text.matchAll(targetKey)) {
    plainValue.lastIndex = index + key.length;
    const value = plainValue.exec(text)?.[2];
    if (value !== undefined) reportTarget(part, value, { at: 0, key });
    else part.report(jsonRules.target, { message: `a ${shown(key)} whose value is not plainly written`, at: 0 });
  }
}

/** Escapes of double-quoted texts, wherever they stand (https://yaml.org/spec/1.2.2/#57-escaped-characters). */
function unescaped(text: string): string {
  const joined = text.replace(/\\\r?\n[ \t]*/g, '');
  return joined.replace(/\\(?:x([\da-f]{2})|u([\da-f]{4})|U00([\da-f]{6}))/gi, (whole, x, u, long) => {
    const code = Number.parseInt(String(x ?? u ?? long), 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

function reportTags(part: Inspection, lines: string): void {
  const other = directive.exec(lines)?.[0];
  if (other !== undefined) part.report(textRules.yamlTag, { message: `the directive ${shown(other)}`, at: 0 });
  const seen = new Set<string>();
  for (const [, name = ''] of lines.matchAll(tag)) {
    if (core.test(name) || seen.has(name) || name === '!') continue;
    seen.add(name);
    const rule = /python|ruby|java|php|perl/i.test(name) ? textRules.yamlObject : textRules.yamlTag;
    part.report(rule, { message: `the tag ${shown(name)}`, at: 0 });
  }
}

/** One anchor that holds aliases of another, which holds aliases: nine levels of nine are half a billion. */
function reportAliases(part: Inspection, lines: string): void {
  let aliases = 0;
  const sizes = new Map<string, number>();
  let open: string | undefined;
  for (const [, kind = '', name = ''] of lines.matchAll(anchor)) {
    if (kind === '&') {
      open = name;
      sizes.set(name, 1);
    } else {
      aliases += 1;
      const more = sizes.get(name) ?? 1;
      if (open !== undefined) sizes.set(open, (sizes.get(open) ?? 1) + more);
    }
  }
  let largest = 0;
  for (const size of sizes.values()) largest = Math.max(largest, size);
  if (largest <= 100_000 && aliases <= maximumAliases) return;
  part.report(textRules.yamlBomb, { message: `${aliases} aliases, which come to ${largest} values at least`, at: 0 });
}
