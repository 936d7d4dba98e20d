/**
 * Commands over a WebSocket: every message begins with the number of its channel. Version 5 can
 * also say that a channel has ended, which is how a command learns the end of its input.
 */
import { PassThrough, Writable } from "node:stream";
import type { WebSocket } from "ws";
import { whenDone } from "./when-done.ts";
import {
  terminalSize,
  type CommandChannels,
  type CommandStatus,
  type CommandStreams,
} from "./command-channels.ts";

/** In the order in which the server prefers them. */
export const WEBSOCKET_COMMAND_PROTOCOLS: readonly string[] = [
  "v5.channel.k8s.io",
  "v4.channel.k8s.io",
  "v3.channel.k8s.io",
  "v2.channel.k8s.io",
  "channel.k8s.io",
  "v4.base64.channel.k8s.io",
  "base64.channel.k8s.io",
];

const CHANNEL = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const;
/** Input that is not taken yet, before the client is made to wait. */
const STDIN_BYTES_MAX = 64 * 1024;

/**
 * The channels of an open WebSocket, which `hangUp` ends. `protocol` "" counts as
 * `channel.k8s.io`.
 */
export function websocketChannels(
  socket: WebSocket,
  wanted: CommandStreams,
  hangUp: () => void,
): CommandChannels {
  const isBase64 = socket.protocol.includes("base64");
  const hasStatus = /^v[45]\./.test(socket.protocol);
  const stdin = wanted.hasStdin ? new PassThrough({ highWaterMark: STDIN_BYTES_MAX }) : undefined;
  const resizes: ((text: string) => void)[] = [];
  const receive = (message: Buffer): void => {
    const { channel, bytes } = isBase64 ? readBase64(message) : readBinary(message);
    if (channel === CHANNEL.stdin && stdin !== undefined && !stdin.writableEnded) {
      if (stdin.write(bytes)) return;
      socket.pause();
      stdin.once("drain", () => socket.resume());
    } else if (channel === CHANNEL.resize) {
      for (const listener of resizes) listener(bytes.toString("utf8"));
    } else if (channel === CHANNEL.close && bytes[0] === CHANNEL.stdin) stdin?.end();
  };
  socket.on("message", receive);
  socket.once("close", () => stdin?.end());
  const send = (channel: number, bytes: Buffer): Promise<void> =>
    sendMessage(socket, isBase64 ? writeBase64(channel, bytes) : writeBinary(channel, bytes));
  const output = (channel: number): Writable => {
    const stream = new Writable({
      write: (chunk: Buffer, _encoding, done) => whenDone(send(channel, chunk), done),
    });
    // A client that goes in the middle of a message: the stream closes, which ends its command.
    return stream.on("error", () => undefined);
  };
  return {
    stdin,
    stdout: wanted.hasStdout ? output(CHANNEL.stdout) : undefined,
    stderr: wanted.hasStderr ? output(CHANNEL.stderr) : undefined,
    onResize: (listener) => {
      resizes.push((text) => {
        const size = terminalSize(text);
        if (size !== undefined) listener(size);
      });
    },
    finish: async (status) => {
      const text = hasStatus ? JSON.stringify(status) : plainError(status);
      if (text !== "") await send(CHANNEL.error, Buffer.from(text)).catch(() => undefined);
      hangUp();
    },
  };
}

/** Versions before 4 know only that something went wrong, in words. */
function plainError(status: CommandStatus): string {
  return status.status === "Success" ? "" : (status.message ?? "the command failed");
}

function readBinary(message: Buffer): { readonly channel: number; readonly bytes: Buffer } {
  return { channel: message[0] ?? CHANNEL.stdin, bytes: message.subarray(1) };
}

/** The channel is a digit in these, and the rest is base64. */
function readBase64(message: Buffer): { readonly channel: number; readonly bytes: Buffer } {
  const text = message.toString("latin1");
  return { channel: Number(text[0]), bytes: Buffer.from(text.slice(1), "base64") };
}

function writeBinary(channel: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.of(channel), bytes]);
}

function writeBase64(channel: number, bytes: Buffer): string {
  return `${channel}${bytes.toString("base64")}`;
}

function sendMessage(socket: WebSocket, message: Buffer | string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.send(message, (error) => {
      if (error === undefined || error === null) resolve();
      else reject(error);
    });
  });
}
