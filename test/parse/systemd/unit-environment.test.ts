import { expect, test } from 'vitest';
import { hideUnitEnvironment } from '../../../src/parse/systemd/unit-environment.ts';
import { expectToBear } from '../any-text.ts';

test.each([
  ['Environment=A=1', 'Environment=A=…'],
  ['Environment="HTTP_PROXY=http://u:p@h" B=2', 'Environment=HTTP_PROXY=… B=…'],
  ['  Environment = \'A=b c=d\' E="f g=h"', '  Environment =A=… E=…'],
  ['Environment=A=1 \\\n  B=2\nExecStart=/x A=1', 'Environment=A=… B=…\nExecStart=/x A=1'],
  ['Environment=\nType=notify', 'Environment=\nType=notify'],
  ['EnvironmentFile=/etc/default/docker', 'EnvironmentFile=/etc/default/docker'],
  ['Environment="unclosed A=1', 'Environment=… A=…'],
])('of %j only the names are left', (text, hidden) => {
  expect(hideUnitEnvironment(text)).toBe(hidden);
});

test('any text is borne', () => {
  expectToBear(hideUnitEnvironment, ['[Service]\nEnvironment="A=1" \'B=2\' \\\n C=3\nType=notify\n']);
});
