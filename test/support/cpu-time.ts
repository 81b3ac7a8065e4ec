/** What the call took of the processor in this thread, in milliseconds: what else the machine does is no matter. */
export function cpuMsOf(call: () => void): number {
  const before = process.threadCpuUsage();
  call();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}
