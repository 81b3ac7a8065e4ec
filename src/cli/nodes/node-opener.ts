import sea from 'node:sea';
import type { NodeOpener } from '../../app/fleet/fleet-app.tsx';
import { quote } from '../../base/shell-word.ts';
import { runInForeground } from '../../child/foreground.ts';
import { nodeCommand } from '../../fleet/node-command.ts';
import { selfCommand } from '../process/self.ts';
import { isInnerVariable } from '../screen/inner.ts';

/** Runs the reader's command in a shell, in which `rtwatch` is this program, wherever it was started from. */
export function nodeOpener(template: string): NodeOpener {
  return {
    commandFor: (node) => {
      const found = nodeCommand(template, node);
      return 'command' in found ? found.command : found.trouble;
    },
    open: async (node) => {
      const found = nodeCommand(template, node);
      if ('trouble' in found) return `not opened: ${found.trouble}`;
      const { command } = found;
      process.stdout.write(`${command}\n(Ctrl-C gives up)\n`);
      const { code, left, complaints } = await runInForeground(['/bin/sh', '-c', `${ownFunction()}\n${command}`], {
        env: { ...process.env, [isInnerVariable]: '1' },
        // The screen that is fed reads keys from the terminal itself.
        input: /\|\s*rtwatch\s+watch\s+-/.test(command) ? null : 'terminal',
      });
      if (code === 0 || left) return null;
      return complaints.length === 0 ? `"${command}" failed` : complaints.join(' · ').replaceAll('rtwatch: ', '');
    },
  };
}

/**
 * `rtwatch` for the shell. When the reader leaves the screen, the shell is stopped: it would wait for ssh, which ends with the next byte
 * that comes, and of a node that hangs none may come.
 */
function ownFunction(): string {
  const own = ownCommand().map(quote).join(' ');
  return `rtwatch() { ${own} "$@" || return; case "$1" in watch) kill -TERM $$;; esac; }`;
}

/** Not through /proc/self: in a shell that would be the shell. */
function ownCommand(): string[] {
  return sea.isSea() ? [`/proc/${process.pid}/exe`] : selfCommand();
}
