/**
 * The data folder: a text file that names the format, so that people and later versions know what
 * they look at before any of it is touched, and LMDB's own files. LMDB maps its file into memory
 * and trusts it: what is no LMDB file, or not all of one, would end the process, so it is refused
 * here first.
 */
import { mkdir, open, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { StoreError } from "../../store.ts";
import { type DataFileState, inspectDataFile } from "./data-file.ts";

/** What is in the folder was not made by this version of the program, or is damaged. */
export class UnknownFormatError extends StoreError {
  override readonly name = "UnknownFormatError";
}

const FORMAT_FILE = "format";
const FORMAT = "setpoint-store lmdb 1";
const DATA_FILE = "data.mdb";

/** Creates the folder and its missing parents, for this user only. */
export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await syncFolder(dirname(folder));
}

/** Marks a new folder as ours. Throws `UnknownFormatError` for one that is not. */
export async function checkFormat(folder: string): Promise<void> {
  const format = await formatOf(folder);
  const data = await stateOfData(folder);
  if (format === undefined && data !== undefined) {
    throw new UnknownFormatError(
      `the folder ${folder} holds ${DATA_FILE} but no file "${FORMAT_FILE}", so Setpoint did not ` +
        `make it; start with another folder`,
    );
  }
  if (format !== undefined && format !== FORMAT) {
    throw new UnknownFormatError(
      `the data folder ${folder} has the format "${format}", and this version of Setpoint knows ` +
        `only "${FORMAT}"; use the version that made it, or start with another folder`,
    );
  }
  if (data?.kind === "foreign") {
    throw new UnknownFormatError(
      `${join(folder, DATA_FILE)} is damaged: it is no LMDB file; ` +
        `restore the folder from a backup, or start with another one`,
    );
  }
  if (data?.kind === "truncated") {
    throw new UnknownFormatError(
      `${join(folder, DATA_FILE)} is damaged: it was cut short, and at least ` +
        `${data.missingBytes} bytes at its end are missing; restore the folder ${folder} from ` +
        `a backup, or move it away and start anew`,
    );
  }
  if (format === undefined) await writeFormat(folder);
}

/** Makes what was created in the folder survive a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeFormat(folder: string): Promise<void> {
  const temporary = join(folder, `${FORMAT_FILE}.new`);
  await writeFile(temporary, `${FORMAT}\n`, { mode: 0o600, flush: true });
  await rename(temporary, join(folder, FORMAT_FILE));
  await syncFolder(folder);
}

async function formatOf(folder: string): Promise<string | undefined> {
  const content = await ifPresent(readFile(join(folder, FORMAT_FILE), "utf8"));
  return content?.trim().slice(0, 100);
}

async function stateOfData(folder: string): Promise<DataFileState | undefined> {
  const file = await ifPresent(open(join(folder, DATA_FILE), "r"));
  if (file === undefined) return undefined;
  try {
    return await inspectDataFile(file);
  } finally {
    await file.close();
  }
}

async function ifPresent<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
