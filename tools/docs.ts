// `npm run docs`: the reference of every package's exports, from its docstrings, into docs/reference/api (not in git:
// it is quarter of a megabyte, and made in a few seconds).
import { executeTool } from './process.ts';

const { status } = await executeTool('typedoc', ['--logLevel', 'Warn'], { shown: true });
process.exitCode = status;
