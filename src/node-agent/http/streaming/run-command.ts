/** Joins the streams of a command and of its client, until one of them ends. */
import { finished } from "node:stream/promises";
import type { Readable, Writable } from "node:stream";
import { errorText } from "../../../base/error-text.ts";
import type { ExecSession } from "../../runtime/runtime.ts";
import { exitStatus, failureStatus, type CommandChannels } from "./command-channels.ts";

/** Resolves when the client has been told how the command ended. */
export async function runCommand(
  open: () => Promise<ExecSession>,
  channels: CommandChannels,
): Promise<void> {
  let session: ExecSession;
  try {
    session = await open();
  } catch (error) {
    await channels.finish(failureStatus(errorText(error)));
    return;
  }
  channels.onResize((size) => session.resize(size));
  const outputs = [copy(session.stdout, channels.stdout), copy(session.stderr, channels.stderr)];
  feed(channels.stdin, session.stdin);
  // A client that goes away takes its command along.
  channels.stdout?.once("close", () => session.close());
  const exitCode = await session.ended;
  await Promise.all(outputs);
  await channels.finish(exitStatus(exitCode));
}

/** Copies to its end. What nobody wants is read and dropped, so that the command does not wait. */
async function copy(from: Readable | undefined, to: Writable | undefined): Promise<void> {
  if (from === undefined) return;
  if (to === undefined || to.destroyed) {
    from.resume();
  } else {
    from.pipe(to, { end: false });
    to.once("close", () => from.resume());
  }
  await finished(from, { writable: false }).catch(() => undefined);
}

/** Input may go on after the command has ended; then nobody reads it. */
function feed(from: Readable | undefined, to: Writable | undefined): void {
  if (from === undefined) return;
  if (to === undefined) from.resume();
  else {
    from.pipe(to);
    to.once("close", () => from.resume());
  }
}
