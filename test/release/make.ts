import { folder, makeRelease } from './release.ts';

/** Makes the release that the tests look at; RTWATCH_RELEASE=kept takes the one of an earlier run. */
export function setup(): void {
  if (process.env['RTWATCH_RELEASE'] !== 'kept') makeRelease(folder);
}
