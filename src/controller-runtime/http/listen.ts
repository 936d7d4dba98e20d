/** Servers begin to listen in one way. */
import type { AddressInfo, Server } from "node:net";

/** Answers the port, a free one for 0. Rejects if it is taken. Without a host: all addresses. */
export async function listen(
  server: Server,
  { port, host }: { readonly port: number; readonly host?: string | undefined },
): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.removeListener("error", reject);
      resolve();
    });
  });
  const address = server.address() as AddressInfo; // of a server that listens on a port
  return address.port;
}
