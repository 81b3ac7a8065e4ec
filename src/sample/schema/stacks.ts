import type { DaemonStacks, FoldedStack, FoldedStacks, StacksValue } from '../stacks.ts';
import { list, nullable, number, object, reading, text } from './shape.ts';

const folded = object<FoldedStacks>({
  total: number,
  groups: list(object<FoldedStack>({ count: number, funcs: list(text) })),
  rest: number,
});

export const stacksValue = object<StacksValue>({
  daemons: list(object<DaemonStacks>({ daemon: text, look: number, stacks: nullable(reading(folded)) })),
});
