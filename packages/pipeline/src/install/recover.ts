import { checkInstalled, type InstalledState } from './check-installed.ts';
import { withDevice } from './install.ts';
import { point, pointedTo } from './place.ts';

/**
 * Goes back to the previous version when the current one is not good and the previous one is, by the newest evidence
 * that the device has seen. What is denied by now is not gone back to.
 *
 * @returns the state of what is current afterwards
 */
export async function recoverInstalled(folder: string, now: Date): Promise<InstalledState & { isRecovered: boolean }> {
  const current = await checkInstalled(folder, { now, pointer: 'current' });
  if (current.isGood) return { ...current, isRecovered: false };
  const previous = await checkInstalled(folder, { now, pointer: 'previous' });
  if (!previous.isGood) return { ...current, isRecovered: false };
  return withDevice(folder, async () => {
    const version = await pointedTo(folder, 'previous');
    if (version !== undefined) await point(folder, 'current', version);
    return { ...(await checkInstalled(folder, { now, pointer: 'current' })), isRecovered: true };
  });
}
