/**
 * Commands over SPDY: one stream each for input, output, errors, sizes, and the last word. The
 * client opens them all before anything is started.
 */
import type { Duplex } from "node:stream";
import type { Context } from "../../../base/context.ts";
import type { Env } from "../../../base/env.ts";
import {
  terminalSize,
  type CommandChannels,
  type CommandStatus,
  type CommandStreams,
} from "./command-channels.ts";
import { SpdyConnection, type SpdyStream } from "./spdy-connection.ts";

/** In the order in which the server prefers them. */
export const SPDY_COMMAND_PROTOCOLS: readonly string[] = [
  "v5.channel.k8s.io",
  "v4.channel.k8s.io",
  "v3.channel.k8s.io",
  "v2.channel.k8s.io",
  "channel.k8s.io",
];

/** The client has this long to open its streams, in milliseconds. */
const STREAMS_MS_MAX = 30_000;

/** Serves one command over `socket`: waits for its streams, and hands them to `onChannels`. */
export async function serveSpdyCommand(
  socket: Duplex,
  protocol: string,
  wanted: CommandStreams,
  deps: { readonly env: Env },
  onChannels: (channels: CommandChannels) => Promise<void>,
  context: Context,
): Promise<void> {
  const connection = new SpdyConnection(socket);
  const expected = expectedTypes(wanted, protocol);
  const streams = new Map<string, SpdyStream>();
  let started: Promise<void> | undefined;
  const timer = deps.env.timers.after(STREAMS_MS_MAX, () => {
    if (started === undefined) socket.destroy();
  });
  try {
    await connection.run((stream) => {
      const type = stream.headers["streamtype"] ?? "";
      if (!expected.has(type) || streams.has(type)) return "refused";
      streams.set(type, stream);
      if (streams.size === expected.size) {
        const channels = spdyChannels(streams, protocol, () => connection.end());
        started = onChannels(channels);
        started.catch(() => socket.destroy());
      }
      return "accepted";
    }, context.signal);
  } finally {
    timer.cancel();
  }
  await started;
}

function expectedTypes(wanted: CommandStreams, protocol: string): ReadonlySet<string> {
  const hasResize = wanted.isTty && /^v[345]\./.test(protocol);
  return new Set([
    "error",
    ...(wanted.hasStdin ? ["stdin"] : []),
    ...(wanted.hasStdout ? ["stdout"] : []),
    ...(wanted.hasStderr ? ["stderr"] : []),
    ...(hasResize ? ["resize"] : []),
  ]);
}

function spdyChannels(
  streams: ReadonlyMap<string, SpdyStream>,
  protocol: string,
  end: () => Promise<void>,
): CommandChannels {
  const hasStatus = /^v[45]\./.test(protocol);
  const resize = streams.get("resize")?.io;
  return {
    stdin: streams.get("stdin")?.io,
    stdout: streams.get("stdout")?.io,
    stderr: streams.get("stderr")?.io,
    onResize: (listener) => {
      resize?.on("data", (chunk: Buffer) => {
        for (const line of chunk.toString("utf8").split("\n")) {
          const size = terminalSize(line);
          if (size !== undefined) listener(size);
        }
      });
    },
    finish: async (status) => {
      const error = streams.get("error")?.io;
      const text = lastWord(status, hasStatus);
      if (error !== undefined) {
        await new Promise<void>((resolve) => {
          error.once("close", resolve);
          error.end(text, resolve);
        });
      }
      await end();
    },
  };
}

function lastWord(status: CommandStatus, hasStatus: boolean): string {
  if (hasStatus) return JSON.stringify(status);
  return status.status === "Success" ? "" : (status.message ?? "the command failed");
}
