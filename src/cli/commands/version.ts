/** `version`: of this program, and of the server if one answers. */
import { readFile } from "node:fs/promises";
import { isFields, own } from "../../machinery/object.ts";
import { openSession, type ConnectionFlags, type SessionDeps } from "../session.ts";
import { explainError } from "../user-error.ts";

export async function version(flags: ConnectionFlags, deps: SessionDeps): Promise<void> {
  deps.terminal.write(`Client Version: setpoint ${await programVersion()}\n`);
  try {
    const session = await openSession(flags, deps);
    try {
      const response = await session.client.request({ path: "/version" }, session.context);
      const value: unknown = response.body.kind === "object" ? response.body.object.value : {};
      const text = isFields(value) ? own(value, "gitVersion") : undefined;
      deps.terminal.write(`Server Version: ${String(text)}\n`);
    } finally {
      await session.transport.close();
    }
  } catch (error) {
    const text = explainError(error);
    if (text === undefined) throw error;
    deps.terminal.warn(`${text}\n`);
  }
}

/** From the package this file came in. */
export async function programVersion(): Promise<string> {
  const manifest: unknown = JSON.parse(
    await readFile(new URL("../../../package.json", import.meta.url), "utf8"),
  );
  return isFields(manifest) ? String(own(manifest, "version")) : "unknown";
}
