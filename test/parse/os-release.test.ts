import { expect, test } from 'vitest';
import { parsePrettyName } from '../../src/parse/os-release.ts';
import { expectNoHang, expectToBear } from './any-text.ts';

const debian = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian\n';
const centos = 'NAME="CentOS Linux"\nVERSION="7 (Core)"\nPRETTY_NAME="CentOS Linux 7 (Core)"\nANSI_COLOR="0;31"\n';

test.each([
  ['double quotes', debian, 'Debian GNU/Linux 12 (bookworm)'],
  ['another place in the file', centos, 'CentOS Linux 7 (Core)'],
  ['single quotes', "PRETTY_NAME='Alpine Linux v3.20'\n", 'Alpine Linux v3.20'],
  ['no quotes', 'ID=x\nPRETTY_NAME=Talos\n', 'Talos'],
  ['an apostrophe in it', 'PRETTY_NAME="Anna\'s Linux"\n', "Anna's Linux"],
  ['no newline at the end', 'PRETTY_NAME="Arch Linux"', 'Arch Linux'],
])('the name is read with %s', (_, text, name) => {
  expect(parsePrettyName(text)).toBe(name);
});

test.each(['', 'NAME="Debian"\n', '# PRETTY_NAME="x"\n', 'PRETTY_NAME=""\n', 'PRETTY_NAME=\n'])(
  'a file that is %j does not say it',
  (text) => {
    expect(parsePrettyName(text)).toBeNull();
  },
);

test('any text gives a name or null', () => expectToBear(parsePrettyName, [debian, centos]));

test('no text takes long', () => expectNoHang(parsePrettyName, [debian, 'PRETTY_NAME="', 'PRETTY_NAME="\n', '"']));
