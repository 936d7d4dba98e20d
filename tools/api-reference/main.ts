/** Writes docs/reference/api/, a page for each public subpath. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../tidy/sources.ts";
import { FOLDER, referencePages, writtenPage } from "./reference.ts";

mkdirSync(join(ROOT, FOLDER), { recursive: true });
for (const [name, page] of referencePages()) {
  writeFileSync(join(ROOT, FOLDER, name), await writtenPage(page));
}
