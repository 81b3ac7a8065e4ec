/** Exits once standard output is flushed: `process.exit` alone drops what the pipe has not taken. */
export async function exitFlushed(code?: number): Promise<never> {
  await new Promise((resolve) => process.stdout.write('', resolve));
  process.exit(code);
}
