import type {
  DaemonStacks,
  FoldedStack,
  FoldedStacks,
  StacksValue,
  WholeDump,
  WholeGoroutine,
  WholeStack,
} from '../stacks.ts';
import { bool, list, nullable, number, object, optional, reading, text } from './shape.ts';

const folded = object<FoldedStacks>({
  total: number,
  groups: list(object<FoldedStack>({ count: number, funcs: list(text) })),
  rest: number,
});

const whole = object<WholeDump>({
  total: number,
  partial: bool,
  stacks: list(
    object<WholeStack>({
      frames: list(object<WholeStack['frames'][number]>({ func: text, line: nullable(number) })),
      goroutines: list(
        object<WholeGoroutine>({
          id: nullable(number),
          state: nullable(text),
          waitMinutes: nullable(number),
          args: list(nullable(text)),
        }),
      ),
    }),
  ),
});

export const stacksValue = object<StacksValue>({
  daemons: list(
    object<DaemonStacks>({
      daemon: text,
      look: number,
      stacks: nullable(reading(folded)),
      whole: optional(reading(whole)),
    }),
  ),
});
