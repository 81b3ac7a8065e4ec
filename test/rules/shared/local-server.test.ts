import { expect, test } from 'vitest';
import { localServerText } from '../../../src/rules/shared/local-server.ts';

test.each(['127.0.0.1', '127.0.0.1:/', '127.1.2.3:/export', 'localhost:/', '[::1]:/', '::1'])(
  'a server at %s is on this node',
  (source) => expect(localServerText(source)).toContain('is this node'),
);

test.each(['10.0.0.7:/srv', 'localhost.example:/srv', '127.0.0.1.example:/', '//127-files/share', '/dev/sda1', ''])(
  'a server at %s is elsewhere',
  (source) => expect(localServerText(source)).toBeNull(),
);
