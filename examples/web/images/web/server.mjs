// A small real HTTP server, as an application for the node agent: it listens on the pod's own
// address, reads its greeting from a ConfigMap volume at every request, and stops gracefully.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";

const host = process.env.POD_IP ?? "127.0.0.1";
const port = Number(process.env.PORT ?? 8080);
const greetingFile = process.env.GREETING_FILE;

async function greeting() {
  if (greetingFile === undefined) return "Hello";
  return (await readFile(greetingFile, "utf8")).trim();
}

const server = createServer(async (request, response) => {
  if (request.url === "/healthz") {
    response.end("ok\n");
    return;
  }
  try {
    const from = `${process.env.HOSTNAME ?? "?"} (version ${process.env.WEB_VERSION ?? "?"})`;
    response.end(`${await greeting()} from ${from}\n`);
    console.log(`${request.method} ${request.url} 200`);
  } catch (error) {
    response.statusCode = 500;
    response.end(`${error.message}\n`);
    console.error(`${request.method} ${request.url} 500 ${error.message}`);
  }
});

server.listen(port, host, () => console.log(`listening on http://${host}:${port}`));

// Whoever sends requests here learns a moment later that this pod is stopping: until then they are
// answered. A socket closed at once would reset those that wait in its queue.
const DRAIN_MS = 500;

process.once("SIGTERM", () => {
  console.log("stopping");
  setTimeout(() => {
    server.close(() => process.exit(0));
    server.closeIdleConnections();
  }, DRAIN_MS);
});
