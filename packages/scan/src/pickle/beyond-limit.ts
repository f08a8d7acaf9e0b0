import { NotUnderstood } from '../bytes/source.ts';

/** A loader goes on where a limit of the machine ends it: what follows is not known. */
export class BeyondLimit extends NotUnderstood {}
