export * from './checkpoint.ts';
export * from './compact-range.ts';
export * from './cosignature.ts';
export type * from './cryptography.ts';
export * from './errors.ts';
export * from './merkle.ts';
export * from './note.ts';
export * from './proof-file.ts';
export * from './verifier-key.ts';
