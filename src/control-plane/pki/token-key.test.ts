import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { realFiles } from "../../base/real/files.ts";
import { openTokenKeys } from "./token-key.ts";

test("a second start reads the same key for tokens, and it is private", async () => {
  const directory = await mkdtemp(join(tmpdir(), "setpoint-tokens-"));
  try {
    const first = await openTokenKeys(directory, realFiles);
    expect((await openTokenKeys(directory, realFiles)).signing.id).toBe(first.signing.id);
    expect((await stat(join(directory, "sa.key"))).mode & 0o777).toBe(0o600);
  } finally {
    await rm(directory, { recursive: true });
  }
});
