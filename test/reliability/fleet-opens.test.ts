import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { fleetQueries, questionNames } from '../../src/fleet/queries.ts';
import { answerBody, fakePrometheus } from '../support/fake-prometheus.ts';
import { answersOf, largeFleet } from '../support/fleets.ts';
import { nodeStream } from '../support/node-stream.ts';
import * as scenes from '../support/scenes.ts';
import { waitFor } from '../support/wait-for.ts';
import { Pty } from './pty.ts';

const launcher = path.join(import.meta.dirname, '../../bin/rtwatch');

test('Enter gives the terminal to the screen of a node, with every key; Esc takes it back', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-fleet-opens-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  const queries = fleetQueries([]);
  const answers = answersOf(largeFleet);
  const { url } = await fakePrometheus(({ form }) => {
    const name = questionNames.find((one) => one !== 'trends' && queries[one] === form.get('query'));
    return { body: name === undefined || name === 'trends' ? answerBody([], 'matrix') : answerBody(answers[name]) };
  });
  const [, , stream = ''] = nodeStream(scenes.stopLeak);
  // After its samples the node says nothing more, and its ssh stays.
  const [samples = ''] = stream.split(';');
  const open = `: {node}; { ${samples}; exec sleep 30; } | rtwatch watch -`;
  const pty = await Pty.open(folder, [launcher, 'fleet', '--prometheus', url.href, '--open', open]);
  onTestFinished(() => pty.close());
  await waitFor('the fleet', () => pty.drawnSince(0).includes('5,000 nodes'));
  await pty.answer('\r', /2 Containers/);
  // The first key belongs to the node's screen already.
  await pty.answer('?', /elsewhere and always/);
  await pty.answer('\u001b', /Containers/);
  await pty.answer('\u001b', /rtwatch fleet/);
  pty.press('q');
  await waitFor('the exit', () => !pty.isOpen);
  expect(pty.exitCode).toBe(0);
});
