import { describe, expect, test } from 'vitest';
import { run } from '../../src/rules/engine/run.ts';
import { hungRuntime } from '../../src/rules/hung-runtime.ts';
import { ok } from '../../src/sample/reading.ts';
import * as make from '../support/samples.ts';
import { modelOf } from '../support/scenes.ts';

const init = { comm: 'runc:[2:INIT]', command: 'init', ageSeconds: 32_400 };
/** The commands that are offered for runtimes that sleep there, by pid. */
function commandsFor(...wchans: readonly string[]): readonly (string | null)[] {
  const runtimes = wchans.map((wchan, index) => make.runtime(5010 + index, { ...init, wchan }));
  const model = modelOf([make.sampleAt(0, { processes: ok(make.processes([], { runtimes }), 1) })]);
  const [finding] = run([hungRuntime], model).findings;
  return (finding?.remedies ?? []).map(({ command }) => command);
}

describe('a runtime that hangs', () => {
  test('names the container that it makes, which has no process yet', () => {
    const id = make.idOf('a');
    const names = [{ id, pod: 'web-0', namespace: 'shop', container: 'app', image: null }];
    const create = make.runtime(5010, { comm: 'youki', command: 'create', ageSeconds: 900, containerId: id });
    const processes = ok(make.processes([], { runtimes: [create] }), 1);
    const titleOf = (shims: Parameters<typeof make.shims>[0]): string | undefined =>
      run([hungRuntime], modelOf([make.sampleAt(0, { processes, shims: ok(make.shims(shims), 1) })])).findings[0]
        ?.title;
    expect(titleOf({ names })).toContain('for shop/web-0/app');
    expect(titleOf({})).toContain(`for ${id.slice(0, 12)}`);
  });

  test('is none that waits for the start of its container: runc for a fifo, crun in select()', () => {
    const crun = { comm: 'crun', command: 'init', ageSeconds: 400, wchan: 'do_select' };
    const found = (change: Parameters<typeof make.runtime>[1]): number =>
      run(
        [hungRuntime],
        modelOf([
          make.sampleAt(0, {
            processes: ok(make.processes([], { runtimes: [make.runtime(5010, { ...crun, ...change })] }), 1),
          }),
        ]),
      ).findings.length;
    expect(found({})).toBe(0);
    expect(found({ wchan: 'poll_schedule_timeout.constprop.0' })).toBe(0);
    expect(found({ comm: 'runc:[2:INIT]', wchan: 'fifo_open' })).toBe(0);
    expect(found({ command: 'kill' })).toBe(1);
    expect(found({ comm: 'runc:[2:INIT]' })).toBe(1);
  });

  test('in the freezer is to be thawed: SIGKILL works only then', () => {
    expect(commandsFor('__refrigerator')).toContain('cat /proc/5010/cgroup');
    expect(commandsFor('__refrigerator')).not.toContainEqual(expect.stringContaining('kill -KILL'));
  });

  test('elsewhere is killed, and not one of them that is frozen', () => {
    expect(commandsFor('futex_wait_queue')).toContain('kill -KILL 5010');
    expect(commandsFor('__refrigerator', 'ep_poll')).toContain('kill -KILL 5011');
  });
});
