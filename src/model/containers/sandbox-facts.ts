import type { KernelContainer } from './from-shims.ts';
import type { ListedSandbox } from './sandboxes.ts';
import type { SandboxFacts } from './stuck/evidence.ts';

/** What kernel and list together say of a sandbox. */
export function sandboxFacts(
  { state, containers }: ListedSandbox,
  kernel: ReadonlyMap<string, KernelContainer>,
  own: KernelContainer | null,
): SandboxFacts {
  const left = containers.filter(({ id }) => (kernel.get(id)?.initPid ?? null) !== null);
  return {
    ready: state !== 'not ready',
    running: containers.filter((one) => one.state === 'running').length,
    left: left.length + (own !== null && own.initPid !== null ? 1 : 0),
  };
}
