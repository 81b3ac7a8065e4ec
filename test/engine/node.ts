import { afterAll, beforeAll, beforeEach } from 'vitest';
import { Engine, type EngineOptions } from './engine.ts';
import { Rtwatch } from './rtwatch.ts';
import { Scratch } from './scratch.ts';

/** What the tests of one file stand on; there from the first `beforeAll` on. */
export interface EngineNode {
  readonly scratch: Scratch;
  readonly engine: Engine;
  readonly rtwatch: Rtwatch;
}

interface NodeOptions extends EngineOptions {
  /** Puts into the test's folder what the engine needs to start. */
  readonly prepare?: (scratch: Scratch) => Promise<void>;
}

/** Starts an engine of its own before the tests of the calling file or `describe`, and ends all of it after them. */
export function engineNode({ prepare, ...options }: NodeOptions = {}, closeMs?: number): EngineNode {
  let scratch: Scratch | undefined;
  let engine: Engine | undefined;
  beforeAll(async () => {
    scratch = new Scratch();
    await prepare?.(scratch);
    engine = await Engine.start(scratch, options);
  });
  beforeEach(async ({ task, onTestFinished }) => {
    const before = await started(engine).containers();
    // The first that is registered runs last: after what the test itself undoes.
    onTestFinished(async () => {
      if (task.result?.state === 'fail') await engine?.heal(before);
    });
  });
  afterAll(() => scratch?.close(), closeMs);
  return {
    get scratch() {
      return started(scratch);
    },
    get engine() {
      return started(engine);
    },
    get rtwatch() {
      return new Rtwatch(started(scratch), started(engine));
    },
  };
}

function started<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the engine is started before the first test, not while the file is read');
  return value;
}
