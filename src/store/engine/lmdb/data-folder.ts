/**
 * The data folder: a text file that names the format, so that people and later versions know what
 * they look at before any of it is touched, and LMDB's own files. LMDB maps its file into memory
 * and trusts it: what is plainly no LMDB file would end the process, so it is refused here first.
 */
import { mkdir, open, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { StoreError } from "../../store.ts";

/** What is in the folder was not made by this version of the program, or is damaged. */
export class UnknownFormatError extends StoreError {
  override readonly name = "UnknownFormatError";
}

const FORMAT_FILE = "format";
const FORMAT = "setpoint-store lmdb 1";
const DATA_FILE = "data.mdb";

/** Where LMDB's two meta pages have their mark and the first one the page size. */
const MAGIC = 0xbeefc0de;
const MAGIC_AT = 24;
const PAGE_SIZE_AT = 48;
const PAGE_SIZE_MAX = 65_536;

/** Creates the folder and its missing parents, for this user only. */
export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await syncFolder(dirname(folder));
}

/** Marks a new folder as ours. Throws `UnknownFormatError` for one that is not. */
export async function checkFormat(folder: string): Promise<void> {
  const format = await formatOf(folder);
  const begin = await beginOfData(folder);
  if (format === undefined && begin !== undefined) {
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
  if (begin !== undefined && begin.length > 0 && !isLmdb(begin)) {
    throw new UnknownFormatError(
      `${join(folder, DATA_FILE)} is damaged: it is no LMDB file; ` +
        `restore the folder from a backup, or start with another one`,
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

/** Enough of the data file to hold both meta pages. */
async function beginOfData(folder: string): Promise<Buffer | undefined> {
  const file = await ifPresent(open(join(folder, DATA_FILE), "r"));
  if (file === undefined) return undefined;
  try {
    const begin = Buffer.alloc(2 * PAGE_SIZE_MAX);
    const { bytesRead } = await file.read(begin, 0, begin.length, 0);
    return begin.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** An empty file counts as a new one and does not come here. */
function isLmdb(begin: Buffer): boolean {
  if (begin.length < PAGE_SIZE_AT + 4) return false;
  const pageSize = begin.readUInt32LE(PAGE_SIZE_AT);
  const isPageSize = pageSize >= 256 && pageSize <= PAGE_SIZE_MAX && begin.length >= 2 * pageSize;
  return [0, pageSize].every((page) => isPageSize && begin.readUInt32LE(page + MAGIC_AT) === MAGIC);
}

async function ifPresent<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
