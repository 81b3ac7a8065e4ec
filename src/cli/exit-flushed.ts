/** Ends the process once what was written to standard output has been taken: `process.exit` alone cuts off what a pipe still holds. */
export async function exitFlushed(code?: number): Promise<never> {
  await new Promise((resolve) => process.stdout.write('', resolve));
  process.exit(code);
}
