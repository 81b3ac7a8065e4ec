import fs from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitFor } from '../support/wait-for.ts';
import { Engine } from './engine.ts';
import { NodeWatch } from './node-watch.ts';
import { processesOfContainer } from './proc.ts';
import { Rtwatch } from './rtwatch.ts';
import { succeed } from './run.ts';
import { Scratch } from './scratch.ts';

let scratch: Scratch;
let engine: Engine;
let watch: NodeWatch;

/** A runtime that stops itself before it creates a container, as one that hangs in a hook. */
beforeAll(async () => {
  scratch = new Scratch();
  fs.mkdirSync(scratch.of('held'));
  const runc = (await succeed('sh', ['-c', 'command -v runc'])).trim();
  const script = [
    '#!/bin/sh',
    `case " $* " in *" create "*) echo $$ > ${scratch.of('held.pid')}; kill -STOP $$;; esac`,
    `exec ${runc} "$@"`,
  ];
  fs.writeFileSync(scratch.of('held', 'runc'), `${script.join('\n')}\n`, { mode: 0o755 });
  engine = await Engine.start(scratch, { runtimes: { held: 'held/runc' } });
  watch = new NodeWatch(new Rtwatch(scratch, engine));
});

afterAll(async () => {
  await watch?.close();
  await scratch?.close();
});

test('a runc that hangs is found with its container after a minute; let go on, it starts the container', {
  timeout: 180_000,
}, async () => {
  const starting = engine.run('held', 'sleep 600', ['--runtime=held']).catch(() => null);
  const pid = await waitFor('the runtime to be started', () => {
    const text = fs.existsSync(scratch.of('held.pid')) ? fs.readFileSync(scratch.of('held.pid'), 'utf8') : '';
    return text.endsWith('\n') && Number(text);
  });

  try {
    const found = await watch.until(
      'the hung runtime to be found',
      (_, { findings }) => findings.find(({ id }) => id === 'hung-runtime'),
      100_000,
    );

    expect(found).toMatchObject({ severity: 'critical', title: expect.stringContaining(`runc create (pid ${pid})`) });
    expect(found.subjects.pids).toEqual([pid]);
    expect(found.subjects.containers).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
    expect(found.remedies[0]).toMatchObject({ command: `kill -CONT ${pid}` });
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  await waitFor('the container to run', async () => {
    const id = (await engine.docker('ps', '-q', '--no-trunc', '--filter=name=held')).trim();
    return id !== '' && processesOfContainer(id).length > 0;
  });
  await starting;
  await watch.until('it to be resolved', (_, { resolved = [] }) => resolved.some(({ id }) => id === 'hung-runtime'));
});
