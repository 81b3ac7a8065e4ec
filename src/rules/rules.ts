import { blockedProcess } from './blocked-process.ts';
import type { Rule } from './rule.ts';
import { silentDaemon } from './silent-daemon.ts';
import { stuckRemoval } from './stuck-removal.ts';
import { unkillableContainer } from './unkillable-container.ts';

/** Every rule there is. */
export const rules: readonly Rule[] = [unkillableContainer, stuckRemoval, silentDaemon, blockedProcess];
