import { clear } from './clear.ts';

/**
 * Cleans up after a test process that did not come to it: started beside each test's folder, in a session of its own,
 * with a pipe as standard input. The pipe ends when the test process does, by whatever signal.
 */
const folder = process.argv[2] ?? '';
process.stdin.resume();
process.stdin.on('error', () => clear(folder));
process.stdin.on('end', () => clear(folder));
