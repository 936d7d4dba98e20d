/**
 * The watcher of one container: a few lines of shell that outlive the agent.
 *
 * It says who it is before anything else, runs the command, and writes down how the command ended.
 * Then it stays, doing nothing, so that what is left in the log pipes is not lost before an agent
 * has read it; the agent kills it after that.
 *
 * An agent that dies between the order to start and the watcher's first word is told apart from one
 * that never gave it by the file `start`: the watcher goes on only if `start` is there after its
 * word, and the next agent, which gives up on a watcher without a word, takes `start` away first
 * and then looks for the word once more. So of the two at least one sees the other.
 */

/** Files in a container's directory. */
export const STATE_FILE = {
  record: "container.json",
  /** The order to start: the wall clock of it. */
  start: "start",
  /** The watcher's word: its line of `/proc/<pid>/stat`. */
  shim: "shim",
  /** How it ended: an exit code, or JSON of the agent. */
  exit: "exit",
  /** What bubblewrap says of the processes it made. */
  sandboxStatus: "bwrap.json",
  sandboxArgs: "bwrap.args",
  terminationMessage: "termination-log",
} as const;

/** File descriptors the watcher is given. */
export const SHIM_FD = { events: 3, sandboxStatus: 4, sandboxArgs: 5 } as const;

/**
 * Arguments: state directory, event line, `sleep`, then the command. Each file is written by one
 * small write, so a reader finds it empty or whole. No program but the command and the last `sleep`
 * is run, so the watcher's only child is the container.
 */
export const SHIM_SCRIPT = `# setpoint: watches one container; see shim.ts in its sources.
state=$1 event=$2 sleep=$3
shift 3
trap : HUP INT QUIT TERM
IFS= read -r word < /proc/$$/stat
printf '%s\\n' "$word" > "$state/shim" || exit 1
[ -e "$state/start" ] || exit 0
"$@" 3>&-
code=$?
printf '%s\\n' "$code" > "$state/exit"
printf '%s\\n' "$event" >&3
exec "$sleep" 2147483647 3>&- 4>&- 5>&-
`;
