/** Writes docs/reference/api-support.md. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { apiSupportDocument } from "./table.ts";

const file = join(import.meta.dirname, "../../docs/reference/api-support.md");
writeFileSync(file, await format(apiSupportDocument(), { parser: "markdown", printWidth: 100 }));
