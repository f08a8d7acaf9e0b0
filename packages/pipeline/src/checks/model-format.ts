import type { CheckDescription } from '@holdfast/evidence/check';

/** Is the model an ONNX file that can be understood to its last byte, with nothing in it that is not arithmetic? */
export const modelFormat: CheckDescription = {
  name: 'model.format',
  version: '1',
  title: 'Every ONNX file of the model is well-formed, self-contained and uses standard operators only',
  artifacts: ['model'],
  options: { type: 'object', properties: {}, additionalProperties: false },
  rules: [
    {
      id: 'model.format.malformed',
      title: 'the file is not a valid ONNX model',
      severity: 'high',
      fix: 'export the model again',
      references: ['CWE-20'],
    },
    {
      id: 'model.format.custom-operator',
      title: 'the model uses operators that need code from somebody',
      severity: 'high',
      fix: 'export it with standard operators, or review the library that brings the operator',
      references: ['CWE-829', 'ATLAS AML.T0011'],
    },
    {
      id: 'model.format.external-data',
      title: 'weights lie in a file that is not part of the artifact',
      severity: 'high',
      fix: 'put the file into the folder of the model',
      references: ['CWE-73'],
    },
    {
      id: 'model.format.no-model',
      title: 'the artifact holds no ONNX file',
      severity: 'medium',
      fix: 'name the folder that holds the model',
      references: [],
    },
  ],
  load: async () => (await import('./model-format-check.ts')).modelFormatCheck,
};
