/**
 * The launcher (`bin/holdfast.js`) may have started this process in a newer Node. Killed, it cannot pass the signal
 * on; its channel closes, and this process ends as it would by the signal.
 */
export function stopWithLauncher(): void {
  const { channel } = process;
  if (channel === undefined) return;
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  // a listener keeps the process alive
  channel.unref();
}
