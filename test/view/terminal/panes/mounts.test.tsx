import { describe, expect, test } from 'vitest';
import type { Model } from '../../../../src/model/model.ts';
import { mountsPane } from '../../../../src/view/terminal/panes/mounts.ts';
import { mountBusy, mountsOf, nodeAt, reportedNode } from '../../../support/mount-worlds.ts';
import { paneText, plainTheme } from '../../../support/render.tsx';
import * as make from '../../../support/samples.ts';
import { modelOf } from '../../../support/scenes.ts';

const busy = modelOf([
  nodeAt(0, { mounts: mountsOf('mount-busy-t2'), containers: [...mountBusy.failed], dockerd: mountBusy.dockerd }),
]);
/** Without the one that could not be read: its path is this machine's. */
const captured = mountsOf('mount-leak');
const left = modelOf([
  nodeAt(0, {
    mounts: { ...captured, namespaces: captured.namespaces.filter(({ mounts }) => mounts.status === 'ok') },
    containers: ['web-1', 'web-2', 'web-3'].map((name) => make.container(name, name)),
    dockerd: [7365, '4026532698'],
  }),
]);
const reported = modelOf([reportedNode()]);

const detailsOf = (model: Model): string =>
  `${mountsPane
    .details(mountsPane.rows(model)?.[0], plainTheme, model)
    .map((line) => line.map(({ text }) => text).join(''))
    .join('\n')}\n`;

describe.each([
  ['busy', busy],
  ['left', left],
  ['reported', reported],
] as const)('a node whose leaked mounts are %s', (name, model) => {
  test.each(['60x10', '80x4', '120x16'])('shows them first, at %s', async (size) => {
    await expect(paneText('mounts', model, size, size === '80x4')).toMatchFileSnapshot(
      `../../../../snapshots/terminal/mounts/${name}.${size}.txt`,
    );
  });

  test('shows for the first one its holder, the reason, the impact and the fix', async () => {
    await expect(detailsOf(model)).toMatchFileSnapshot(`../../../../snapshots/terminal/mounts/${name}-details.txt`);
  });
});

test('the command that frees a mount stands alone on its line, and is what is copied', () => {
  const command = mountsPane.copyOf?.(mountsPane.rows(reported)?.[0], reported);
  expect(command).toMatch(/^nsenter -t 22283 -m -- umount \/var\/lib\/docker\/overlay2\/e5dab77b\S+\/merged$/);
  expect(detailsOf(reported).split('\n')).toContain(command);
});

test('of a namespace that only holds copies its number is copied', () => {
  const rows = mountsPane.rows(busy) ?? [];
  expect(mountsPane.copyOf?.(rows.at(-1), busy)).toMatch(/^40265\d+$/);
});
