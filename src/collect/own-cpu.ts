/** CPU time of this process since it started, in milliseconds: getrusage(2), all threads. */
export function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
