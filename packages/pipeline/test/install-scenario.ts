import { install } from '../src/install/install.ts';

/** Installs an archive on a device, and says when it begins: a process for others to kill. */
const [archive = '', folder = ''] = process.argv.slice(2);
process.stdout.write('begin\n');
await install({ archive, folder, settings: {} });
process.stdout.write('end\n');
