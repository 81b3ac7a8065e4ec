import fs from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { waitFor } from '../support/wait-for.ts';
import { engineNode } from './node.ts';
import { NodeWatch } from './node-watch.ts';
import { processesOfContainer } from './proc.ts';
import { succeed } from './run.ts';

/** A runtime that stops itself before it creates a container, as one that hangs in a hook. */
const node = engineNode({
  runtimes: { held: 'held/runc' },
  prepare: async (scratch) => {
    fs.mkdirSync(scratch.of('held'));
    const runc = (await succeed('sh', ['-c', 'command -v runc'])).trim();
    const script = [
      '#!/bin/sh',
      `case " $* " in *" create "*) echo $$ > ${scratch.of('held.pid')}; kill -STOP $$;; esac`,
      `exec ${runc} "$@"`,
    ];
    fs.writeFileSync(scratch.of('held', 'runc'), `${script.join('\n')}\n`, { mode: 0o755 });
  },
});

test('a runc that hangs is found with its container after a minute; let go on, it starts the container', async () => {
  const pidFile = node.scratch.of('held.pid');
  fs.rmSync(pidFile, { force: true });
  const watch = new NodeWatch(node.rtwatch);
  onTestFinished(() => watch.close());
  const starting = node.engine.run('held', 'sleep 600', ['--runtime=held']).catch(() => null);
  const pid = await waitFor('the runtime to be started', () => {
    const text = fs.existsSync(pidFile) ? fs.readFileSync(pidFile, 'utf8') : '';
    return text.endsWith('\n') && Number(text);
  });

  const goOn = (): void => tryContinue(pid);
  onTestFinished(async () => {
    goOn();
    await starting;
  });
  await watch.until(
    'the hung runtime to be found',
    (_, { findings }) => {
      const found = findings.find(({ id }) => id === 'hung-runtime');
      const title = expect.stringContaining(`runc create (pid ${pid})`);
      const subjects = { pids: [pid], containers: [expect.stringMatching(/^[0-9a-f]{64}$/)] };
      expect(found).toMatchObject({ severity: 'critical', title, subjects });
      expect(found?.remedies[0]).toMatchObject({ command: `kill -CONT ${pid}` });
      return found;
    },
    180_000,
  );
  await watch.remembered();
  goOn();
  await waitFor('the container to run', async () => {
    const id = (await node.engine.docker('ps', '-q', '--no-trunc', '--filter=name=held')).trim();
    return id !== '' && processesOfContainer(id).length > 0;
  });
  await starting;
  await watch.until('it to be resolved', (_, { resolved = [] }) => resolved.some(({ id }) => id === 'hung-runtime'));
});

function tryContinue(pid: number): void {
  try {
    process.kill(pid, 'SIGCONT');
  } catch {
    // It has ended.
  }
}
