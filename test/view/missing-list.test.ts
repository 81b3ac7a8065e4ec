import { expect, test } from 'vitest';
import { absent, failed, pending } from '../../src/sample/reading.ts';
import { missingListText } from '../../src/view/missing-list.ts';
import * as make from '../support/samples.ts';
import * as scenes from '../support/scenes.ts';

test.each([
  ['was only just asked', pending(200, 'GET /containers/json: no answer yet'), 'no answer from the runtime API yet'],
  ['hangs', failed('no answer within 5s'), 'runtime API not responding'],
  [
    'may not be asked',
    failed('GET /containers/json: permission denied (run as root)'),
    'runtime API: permission denied (run as root)',
  ],
  [
    'was named and is not there',
    failed('no container engine at unix:///x.sock'),
    'no container engine at unix:///x.sock',
  ],
  ['is not there', absent('no container engine'), 'runtime API not used'],
])('a list is missing because the API %s', (_, containers, text) => {
  expect(missingListText(scenes.modelOf([make.sampleAt(0, { containers })]))).toBe(text);
});
