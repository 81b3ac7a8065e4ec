import path from 'node:path';
import { measure } from './measure.ts';
import { type BenchOptions, parseOptions, UsageError, usage } from './options.ts';
import { checkPreconditions, PreconditionError } from './preconditions.ts';
import { formatReport } from './report.ts';
import { Scratch } from './scratch.ts';

/** As in sysexits.h, and as rtwatch itself has them. */
const badUsage = 64;
const unavailable = 69;

async function main(options: BenchOptions): Promise<void> {
  const started = performance.now();
  const say = (text: string): void => {
    process.stderr.write(`${((performance.now() - started) / 1000).toFixed(0).padStart(5)} s  ${text}\n`);
  };
  await checkPreconditions(path.join(import.meta.dirname, '../../dist/main.js'), say);
  const scratch = new Scratch();
  try {
    const results = await measure(options, scratch, say);
    process.stdout.write(options.json ? `${JSON.stringify(results, null, 2)}\n` : formatReport(results));
  } finally {
    await scratch.close();
  }
}

try {
  const options = parseOptions(process.argv.slice(2));
  if (options === null) process.stdout.write(usage);
  else await main(options);
} catch (error) {
  if (error instanceof UsageError) {
    process.stderr.write(`bench: ${error.message}\n\n${usage}`);
    process.exitCode = badUsage;
  } else if (error instanceof PreconditionError) {
    process.stderr.write(`bench: ${error.message}\n`);
    process.exitCode = unavailable;
  } else {
    throw error;
  }
}
