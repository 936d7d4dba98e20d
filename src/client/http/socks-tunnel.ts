/** A way through a SOCKS5 proxy. The protocol is a package's, loaded when the first proxy is. */
import type { Socket } from "node:net";
import { loginOf, placeOf } from "./proxy-address.ts";

/** Asks the proxy at the other end of `socket` for a way to `target`, a name or an address. */
export async function askSocks(
  socket: Socket,
  proxy: URL,
  target: { readonly host: string; readonly port: number },
  timeoutMs: number,
): Promise<void> {
  const { SocksClient } = await import("socks");
  const login = loginOf(proxy);
  await SocksClient.createConnection({
    command: "connect",
    proxy: {
      ...placeOf(proxy),
      type: 5,
      ...(login === undefined ? {} : { userId: login.user, password: login.password }),
    },
    destination: { host: target.host, port: target.port },
    existing_socket: socket,
    timeout: timeoutMs,
  });
}
