// Property tests draw the same cases in every run of the suite, so that a failure can be looked at again; the long suite
// draws new ones. HOLDFAST_SEED repeats a run of the long suite, whose failures print their seed.
import fc from 'fast-check';

const wanted = process.env['HOLDFAST_SEED'] ?? (process.env['HOLDFAST_LONG'] === '1' ? undefined : '20261121');
if (wanted !== undefined) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(wanted) });
