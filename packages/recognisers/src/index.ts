export type { EntityClass, EntityType } from './entity-type.ts';
export { entityTypes } from './entity-types.ts';
export { RecogniserError, type RecogniserErrorCode, recogniserErrors } from './errors.ts';
export type { Finding, Why } from './finding.ts';
export type { Form, LayoutForm, PatternForm, Telling } from './form.ts';
export { recognise } from './recognise.ts';
export { Recogniser, type RecogniserOptions, type TextOptions } from './recogniser.ts';
export type { RecogniserStream } from './recogniser-stream.ts';
