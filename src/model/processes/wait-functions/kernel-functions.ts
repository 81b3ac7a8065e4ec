import type { WaitKind } from '../wait-kind.ts';

/** Functions of the kernel that show what a task waits for. */
export interface KernelFunctions {
  readonly kind: WaitKind;
  readonly functions: RegExp;
  /**
   * How far out they still say what the wait is for: `innermost` the function it sleeps in, `near` the few around it, `any` the
   * whole stack.
   */
  readonly among: 'innermost' | 'near' | 'any';
  /** More words for people; absent when the kind says all. */
  readonly detail?: string;
}
