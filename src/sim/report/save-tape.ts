import type { Files } from "../../base/files.ts";
import type { RunResult, System } from "../world/run.ts";
import { eventLines } from "./event-lines.ts";
import { textPath } from "./story.ts";
import { systemName, type Tape, type TapeFile } from "./tape.ts";

/**
 * Writes a tape to a folder, and beside it a text with all events; the names tell what went wrong.
 * Answers the path of the tape.
 */
export async function saveTape(
  files: Files,
  folder: string,
  {
    tape,
    told,
    system,
  }: { readonly tape: Tape; readonly told: RunResult; readonly system: System },
): Promise<string> {
  const invariant = told.violation?.oracle ?? "";
  const file: TapeFile = {
    format: 1,
    system: systemName(system),
    invariant,
    ...tape,
    hash: told.hash,
  };
  const name = invariant
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, NAME_LENGTH_MAX);
  const path = `${folder}/${name}-${told.hash.slice(0, 8)}.json`;
  const text = `${JSON.stringify(file, undefined, 2)}\n`;
  await files.write(path, new TextEncoder().encode(text));
  const events = `${eventLines(told.events).join("\n")}\n`;
  await files.write(textPath(path), new TextEncoder().encode(events));
  return path;
}

const NAME_LENGTH_MAX = 60;
