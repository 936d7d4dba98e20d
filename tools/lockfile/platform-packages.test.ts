import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { completeLockFile, missingOptionals, type LockFile } from "./platform-packages.ts";

const LOCK: LockFile = {
  packages: {
    "": {},
    "node_modules/tool": {
      version: "2.0.0",
      dev: true,
      optionalDependencies: { "@tool/linux-x64-gnu": "2.0.0", "@tool/win32-arm64": "^2.0.0" },
    },
    "node_modules/@tool/linux-x64-gnu": { version: "2.0.0" },
  },
};

test("a platform package that is not listed is listed for its platform only", () => {
  expect([...missingOptionals(LOCK).keys()]).toEqual(["@tool/win32-arm64"]);
  const complete = completeLockFile(LOCK);
  expect(complete.packages["node_modules/@tool/win32-arm64"]).toEqual({
    version: "2.0.0",
    cpu: ["arm64"],
    dev: true,
    optional: true,
    os: ["win32"],
  });
  expect(missingOptionals(complete).size).toBe(0);
});

test("the lock file is complete: else npm ci fails (mend: npm run lock:complete)", () => {
  const path = join(import.meta.dirname, "../../package-lock.json");
  const lock = JSON.parse(readFileSync(path, "utf8")) as LockFile;
  expect([...missingOptionals(lock).keys()]).toEqual([]);
});
