import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { scanPaths } from '../src/scan-paths.ts';
import { safetensorsFile } from './safetensors-file.ts';
import { findingWith, reportWith } from './sarif/report-with.ts';
import { folderWith, ofNoFormat } from './temporary-folder.ts';

const file = new URL('../../../spec/scan-report.schema.json', import.meta.url);
const isReport = new Ajv2020.default().compile(JSON.parse(readFileSync(file, 'utf8')) as object);

test('what a scan reports is what its schema says', async () => {
  const folder = folderWith({
    'bad.safetensors': safetensorsFile({ gap: 4 }),
    'what.bin': ofNoFormat,
    'a.safetensors': safetensorsFile(),
    '.git/x': '',
  });
  const report: unknown = JSON.parse(JSON.stringify(await scanPaths([folder, `${folder}/a.safetensors`])));
  expect(isReport(report), JSON.stringify(isReport.errors)).toBe(true);
});

test('so are the fields that those files do not have; no others are', () => {
  const trail = [{ at: 1, operation: 'REDUCE', text: 'os.system()' }];
  const finding = findingWith({ part: ['a', 'b'], at: 1, within: 'k', reaches: 'os.system', when: 'always', trail });
  expect(isReport(reportWith([{ findings: [finding] }])), JSON.stringify(isReport.errors)).toBe(true);
  const more = { ...finding, more: 1 };
  expect(isReport(reportWith([{ findings: [more] }]))).toBe(false);
});
