/** `npm run lock:complete`, after every `npm install` that changed package-lock.json. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { completeLockFile, missingOptionals, type LockFile } from "./platform-packages.ts";

const path = join(import.meta.dirname, "../../package-lock.json");
const lock = JSON.parse(readFileSync(path, "utf8")) as LockFile;
const names = [...missingOptionals(lock).keys()];
if (names.length > 0) writeFileSync(path, `${JSON.stringify(completeLockFile(lock), null, 2)}\n`);
console.log(names.length === 0 ? "nothing is missing" : `added ${names.join(", ")}`);
