// Rewrites each `export enum` of generated TypeScript into a constant and a type of the same name: Node runs TypeScript by
// erasing types, and an enum cannot be erased. Usage: node erasable-enums.ts FILE
import { readFileSync, writeFileSync } from 'node:fs';

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: node erasable-enums.ts FILE');

const text = readFileSync(file, 'utf8').replace(
  /export enum (\w+) \{\n(.*?)\n\}/gs,
  (_, name: string, body: string) => {
    const members = body.replace(/^( +\w+) = (-?\d+),$/gm, '$1: $2,');
    return `export const ${name} = {\n${members}\n} as const;\nexport type ${name} = (typeof ${name})[keyof typeof ${name}];`;
  },
);
writeFileSync(file, text);
