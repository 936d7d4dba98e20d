/**
 * Lines of a container's log, as the Container Runtime Interface defines them:
 * `<time> stdout|stderr F|P <text>`. P marks a piece whose line goes on in the next one.
 *
 * What has been read is written at once, a line's beginning too, so that a killed agent loses
 * nothing it had taken out of the pipe.
 */
import { apiMicroTime } from "../../../machinery/api-time.ts";

export type LogStream = "stdout" | "stderr";

const NEWLINE = 0x0a;

/** The records for one piece of output. */
export function criRecords(chunk: Uint8Array, stream: LogStream, nowMs: number): Uint8Array {
  const time = `${apiMicroTime(nowMs).slice(0, -1)}000Z`;
  const parts: Uint8Array[] = [];
  let start = 0;
  while (start < chunk.length) {
    const newline = chunk.indexOf(NEWLINE, start);
    const end = newline < 0 ? chunk.length : newline;
    const tag = newline < 0 ? "P" : "F";
    parts.push(Buffer.from(`${time} ${stream} ${tag} `), chunk.subarray(start, end), LINE_END);
    start = end + 1;
  }
  return Buffer.concat(parts);
}

const LINE_END = Buffer.from("\n");
