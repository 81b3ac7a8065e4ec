import { readMachineFacts } from '../../capture/bundle/machine-facts.ts';

/** The child of `bundle`: prints the machine's facts as JSON. */
export async function bundleMachine(): Promise<void> {
  process.stdout.write(`${JSON.stringify(await readMachineFacts(), null, 2)}\n`);
}
