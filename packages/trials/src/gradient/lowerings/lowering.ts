import type { GraphWriter } from '../graph-writer.ts';
import type { Operation } from '../operation.ts';

/**
 * Writes an operator with others that have gradient rules. The gradient graph runs what is written here, forward too; that it
 * says what the model says is tested on every model. Gives a value for each output of the operator; `''` for
 * one that nothing is derived from, such as a label.
 */
export type Lowering = (operation: Operation, writer: GraphWriter) => readonly string[];

export type Lowerings = Readonly<Record<string, Lowering>>;
