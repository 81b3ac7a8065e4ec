import { render } from 'ink-testing-library';
import { expect, onTestFinished, test } from 'vitest';
import { RemoteApp } from '../../../src/app/remote/remote-app.tsx';
import { type RemoteNode, RemoteSource } from '../../../src/remote/remote-source.ts';
import { brokenSsh, nodeStream } from '../../support/node-stream.ts';
import { enter, escapeKey } from '../../support/open-app.tsx';
import { nothingKept, plainText, plainTheme } from '../../support/render.tsx';
import * as scenes from '../../support/scenes.ts';
import { waitFor } from '../../support/wait-for.ts';

function openRemote() {
  const nodes: RemoteNode[] = [
    { name: 'calm-1', command: nodeStream(scenes.healthy) },
    { name: 'sick-2', command: nodeStream(scenes.stopLeak) },
    { name: 'gone-3', command: brokenSsh('ssh: \u001b[31mno route') },
  ];
  const source = new RemoteSource(nodes);
  const props = { source, theme: plainTheme, printTo: { folder: '/nonexistent', command: [] }, kept: nothingKept };
  const app = render(<RemoteApp {...props} write={() => {}} />);
  onTestFinished(() => app.unmount());
  const frame = (): string => plainText(app.lastFrame() ?? '');
  return {
    frame,
    press: (keys: string) => app.stdin.write(keys),
    shows: (text: string | RegExp) =>
      waitFor(`a frame with ${text}`, () => (typeof text === 'string' ? frame().includes(text) : text.test(frame())), {
        detail: frame,
      }),
    all: () =>
      waitFor('all nodes', () => /1 critical · 1 not seen · 1 without findings/.test(frame()), { detail: frame }),
  };
}

test('each node has a row, the worst first; what ssh said is printable', async () => {
  const remote = openRemote();
  await remote.all();
  await remote.shows(/sick-2[\s\S]*gone-3[\s\S]*calm-1/);
  await remote.shows('ssh: ·[31mno route');
  await remote.shows(/calm-1 .*nothing found/);
});

test('Enter opens the screen of a node over the same connection, Esc and q lead back', async () => {
  const remote = openRemote();
  await remote.all();
  await remote.shows(/▸sick-2/);
  remote.press(enter);
  await remote.shows('2 Containers');
  await remote.shows('Findings');
  remote.press(escapeKey);
  await remote.all();
  remote.press(enter);
  await remote.shows('2 Containers');
  // What the node's own screen opened is closed first.
  remote.press('?');
  await remote.shows('elsewhere and always');
  remote.press(escapeKey);
  await remote.shows('2 Containers');
  remote.press('q');
  await remote.all();
});

test('arrows, filter, sort, details, pause and help are those of a list', async () => {
  const remote = openRemote();
  await remote.all();
  remote.press('G');
  await remote.shows(/▸calm-1/);
  remote.press('/gone');
  await remote.shows(/▸gone-3/);
  remote.press(escapeKey);
  await remote.shows('sick-2');
  remote.press('s');
  await remote.shows('sort by:');
  remote.press(`n${enter}`);
  await remote.shows('by node');
  remote.press('g');
  await remote.shows(/▸calm-1/);
  remote.press(' ');
  await remote.shows('paused');
  remote.press(' ');
  await remote.all();
  remote.press('+');
  await remote.shows('is said by the command');
  remote.press('i');
  await remote.shows('Enter opens the screen of the node.');
  remote.press(escapeKey);
  remote.press('?');
  await remote.shows('pause or resume');
  expect(remote.frame()).not.toContain('no such key');
});
