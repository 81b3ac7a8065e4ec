import { expect, test } from 'vitest';
import { findingsNaming, rowNamed } from '../../../../src/view/terminal/panes/named.ts';
import { paneOf } from '../../../../src/view/terminal/panes/panes.ts';
import { idOf } from '../../../support/samples.ts';
import * as scenes from '../../../support/scenes.ts';

const { model, verdicts } = scenes.followed(scenes.stopLeak);

test('what a finding names is the row of the pane that lists it', () => {
  expect(rowNamed(model, 'containers', idOf('a9'))).toEqual({ to: 'row', pane: 'containers', key: idOf('a9') });
  expect(rowNamed(model, 'pids', 28_816)).toMatchObject({ pane: 'processes' });
  expect(rowNamed(model, 'daemons', 'dockerd')).toMatchObject({ pane: 'daemons' });
  expect(rowNamed(model, 'devices', 'vda')).toMatchObject({ pane: 'disks', key: 'vda' });
  expect(rowNamed(model, 'devices', '/dev/vda')).toMatchObject({ pane: 'disks', key: 'vda' });
});

test('what no pane lists is no link', () => {
  expect(rowNamed(model, 'pids', 1)).toBeNull();
  expect(rowNamed(model, 'mounts', '/nowhere')).toBeNull();
});

test('the findings of a row are those that name it, worst first', () => {
  const pane = paneOf('containers');
  const row = pane.rows(model)?.find((one) => pane.key(one) === idOf('a9'));
  const naming = findingsNaming(verdicts, pane, row);
  expect(naming.length).toBeGreaterThan(1);
  for (const { subjects } of naming) expect(subjects.containers).toContain(idOf('a9'));
  const calm = pane.rows(model)?.find((one) => pane.label(one).includes('web-1'));
  expect(findingsNaming(verdicts, pane, calm)).toEqual([]);
});
