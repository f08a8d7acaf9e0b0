import { runCommandLine } from './command-line.ts';
import { stopWithLauncher } from './launcher.ts';

process.stdout.on('error', () => {
  // The reader went away (`holdfast status | head`): nobody is left to tell.
});
stopWithLauncher();
process.exitCode = await runCommandLine(process.argv.slice(2));
