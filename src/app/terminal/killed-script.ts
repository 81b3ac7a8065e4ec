/**
 * Waits for the end of its input, which is the end of the screen; a screen that exits by itself kills it first. How many processes
 * the kernel killed for lack of memory is in the control group (cgroup-v2.rst, `memory.events`; memory.rst of version 1,
 * `memory.oom_control`), else in `/proc/vmstat`; before Linux 4.13 in neither. Only what every sh(1) has itself, but for stty(1).
 */
export const killedScript = `# rtwatch: restores the terminal if the screen is killed.
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
  count=
  while read -r name value; do if [ "$name" = oom_kill ]; then count=$value; fi; done 2>/dev/null <"$path"
}
kills
before=$count
read -r _
kills
stty sane 2>/dev/null <&1
if [ -t 1 ]; then printf '\\033[?1006l\\033[?1000l\\033[?2026l\\033[0m\\033[?1049l\\033[?25h'; fi
if [ -z "$count" ] || [ -z "$before" ]; then
  echo "rtwatch: the screen was killed, or it crashed. Whether memory ran out is unknown: no oom_kill in $path, as before Linux 4.13. See dmesg" >&2
elif [ "$count" -gt "$before" ]; then
  echo "rtwatch: the screen was killed, probably because memory ran out: oom_kill in $path rose by $((count - before)) while it ran. Give it 200 MiB, or run \\"rtwatch sample\\" here and \\"rtwatch watch -\\" on another machine" >&2
else
  echo "rtwatch: the screen was killed, or it crashed. Memory did not run out: oom_kill in $path did not rise. Start it again" >&2
fi
`;
