import { expect, test } from 'vitest';
import { expectSocket } from '../../../src/collect/engine/socket.ts';
import { reasonOf } from '../../../src/collect/reason.ts';
import { temporaryFolder } from '../../support/world.ts';

function reason(path: string): string {
  try {
    expectSocket(path);
    return 'there';
  } catch (error) {
    return reasonOf(error);
  }
}

test('a path with nothing at it has no socket, one that cannot be reached is another matter', () => {
  const folder = temporaryFolder();
  expect(reason(folder)).toBe('there');
  expect(reason(`${folder}/docker.sock`)).toBe(`no such socket: ${folder}/docker.sock`);
  // Root may search every directory, so no test of permissions: a name that is too long is an error of stat(2) for anyone.
  expect(reason(`${folder}/${'x'.repeat(300)}`)).toContain('ENAMETOOLONG');
});
