import type { Duplex } from "node:stream";

/** Bytes both ways; the end of one side is the end of the other once all has arrived. */
export function joinConnections(
  client: Duplex,
  server: Duplex,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    const sides = [client, server] as const;
    const end = (): void => {
      for (const side of sides) side.destroy();
    };
    let open = sides.length;
    for (const side of sides) {
      side.on("error", end);
      side.once("close", () => {
        open -= 1;
        if (open > 0) return;
        signal.removeEventListener("abort", end);
        resolve();
      });
    }
    signal.addEventListener("abort", end, { once: true });
    client.once("close", () => server.destroy());
    server.once("close", () => client.end(() => client.destroy()));
    client.pipe(server);
    server.pipe(client);
  });
}
