import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Model } from '../../src/model/model.ts';
import { run } from '../../src/rules/engine/run.ts';
import { rules } from '../../src/rules/rules.ts';
import { corpus } from '../corpus/cases.ts';
import * as scenes from '../support/scenes.ts';
import { poison } from './hostile-samples.ts';

/** Each would run something, or be a word of its own, where a shell reads it bare. */
const breakouts = [
  ';PWN',
  '$(PWN)',
  '`PWN`',
  "'PWN",
  "';PWN;'",
  '"PWN',
  '\nPWN',
  '|PWN',
  '&PWN',
  ' PWN',
  '>PWN',
  '\\PWN',
];

const nodes: readonly (() => scenes.Scene)[] = [
  ...[scenes.stopLeak, scenes.fdLeak, scenes.slowDisk, scenes.gone].map((scene) => () => scene),
  ...(corpus['one fault'] ?? []).map(({ scene }) => scene),
];

let scenesOfNodes: readonly scenes.Scene[] | null = null;
/** Each node is made once, and as short as it can be: walking through its texts is most of the work. */
function made(): readonly scenes.Scene[] {
  scenesOfNodes ??= nodes.map((sceneOf) => shortened(sceneOf()));
  return scenesOfNodes;
}

/** The first samples of a long scene and its last ones, where they lead to the same commands. */
function shortened(scene: scenes.Scene): scenes.Scene {
  if (scene.length <= 12) return scene;
  const short = [...scene.slice(0, 6), ...scene.slice(-6)];
  const [all, few] = [scene, short].map((some) => commandsOf(scenes.modelOf(some)).sort());
  return isDeepStrictEqual(all, few) ? short : scene;
}

const anyChoices = fc.array(
  fc.record({
    text: fc.constantFrom(...breakouts),
    how: fc.constantFrom('keep' as const, 'keep' as const, 'behind' as const, 'within' as const),
  }),
  { minLength: 2, maxLength: 17 },
);

/** Names that nobody on the node can choose: rtwatch's own, what its options allow, what the engine or the kernel counts out. */
const isNoName = (text: string, key: string): boolean =>
  key === 'device' || /^(?:dockerd|containerd|kubelet|docker\.service|containerd\.service|[0-9a-f]{12,64})$/.test(text);

describe('a command that is offered', () => {
  // Every node with every name broken, whatever the seed: a command of one rule alone is seen each time.
  test.each([';PWN', "'PWN"])('has every name of every node as one word with %s behind it', (text) => {
    for (const scene of made()) {
      const model = scenes.modelOf(scene.map(poison([{ text, how: 'behind' }], isNoName)));
      for (const command of commandsOf(model)) expect(bareOf(command), command).not.toContain('PWN');
    }
  });

  test('has every name of the node as one word, whatever is in it', () => {
    const offered = new Set<string>();
    fc.assert(
      fc.property(fc.nat(nodes.length - 1), anyChoices, (node, choices) => {
        const model = scenes.modelOf((made()[node] ?? []).map(poison(choices, isNoName)));
        for (const command of commandsOf(model)) {
          offered.add(command);
          expect(bareOf(command), command).not.toContain('PWN');
        }
      }),
      { numRuns: 300 },
    );
    // Else the test would not have seen a name in a command at all.
    expect([...offered].some((command) => command.includes('PWN'))).toBe(true);
  });
});

/** What is left outside of single quotes. */
function bareOf(command: string): string {
  return command.replaceAll(/'[^']*'|\\'/g, '');
}

function commandsOf(model: Model): string[] {
  const remedies = run(rules, model).findings.flatMap((finding) => finding.remedies);
  const free = (model.mounts?.leaks ?? []).flatMap((leak) => leak.free);
  return [...remedies, ...free].flatMap(({ command }) => (command === null ? [] : [command]));
}
