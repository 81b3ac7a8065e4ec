import { type ReactNode, useInsertionEffect } from 'react';
import { startProgram } from '../child/start.ts';

/**
 * Waits for the end of its input, which is the end of the screen; a screen that exits by itself kills it first. How many processes
 * the kernel killed for lack of memory is in the control group (cgroup-v2.rst, `memory.events`; memory.rst of version 1,
 * `memory.oom_control`), else in `/proc/vmstat`. Only what every sh(1) has itself, but for stty(1).
 */
const script = `# rtwatch: restores the terminal if the screen is killed.
path=/proc/vmstat
while IFS=: read -r _ names group; do
  case ,$names, in
    ,,) file=/sys/fs/cgroup\${group%/}/memory.events ;;
    *,memory,*) file=/sys/fs/cgroup/memory\${group%/}/memory.oom_control ;;
    *) continue ;;
  esac
  if [ -r "$file" ]; then path=$file; fi
done 2>/dev/null </proc/self/cgroup
kills() {
  count=0
  while read -r name value; do if [ "$name" = oom_kill ]; then count=$value; fi; done 2>/dev/null <"$path"
}
kills
before=$count
read -r _
kills
stty sane 2>/dev/null <&1
if [ -t 1 ]; then printf '\\033[?1006l\\033[?1000l\\033[?2026l\\033[0m\\033[?1049l\\033[?25h'; fi
if [ "$count" -gt "$before" ]; then
  echo "rtwatch: the screen was killed, probably because memory ran out: oom_kill in $path rose by $((count - before)) while it ran. Give it 200 MiB, or run \\"rtwatch sample\\" here and \\"rtwatch watch -\\" on another machine" >&2
else
  echo "rtwatch: the screen was killed, or it crashed. Memory did not run out: oom_kill in $path did not rise. Start it again" >&2
fi
`;

/**
 * Says in one line that the screen was killed, and by what. A process that SIGKILL ends can neither say so nor restore the terminal, so a small
 * one waits beside the screen. Without a shell, or where the kernel starts no process, there is none.
 */
export function KilledNotice({ children }: { readonly children: ReactNode }): ReactNode {
  useInsertionEffect(() => {
    const end = startWaiting();
    // An exit that unmounts nothing ends it as well.
    process.on('exit', end);
    return () => {
      process.off('exit', end);
      end();
    };
  }, []);
  return children;
}

/** @returns ends it */
function startWaiting(): () => void {
  // A session of its own: Ctrl-C and Ctrl-Z are for the screen, and it may set a terminal that is not its own (tcsetattr(3), SIGTTOU).
  const child = startProgram(['/bin/sh', '-c', script, 'rtwatch'], {
    stdio: ['pipe', 'inherit', 'inherit'],
    detached: true,
  });
  child.on('error', () => {});
  child.stdin?.on('error', () => {});
  child.unref();
  return () => void child.kill('SIGKILL');
}
