/**
 * LMDB's data file, looked at before LMDB maps it into memory: what the mapping promises and the
 * file does not hold would end the process with a bus error and not a word.
 *
 * Only pages in use count. LMDB does not write pages at the end that a transaction took and gave
 * back, so a healthy file may be shorter than its meta page says; whether a short one is healthy is
 * found by following all pages from the roots. A file of full length is not read any further.
 */
import type { FileHandle } from "node:fs/promises";

/** What the file's first bytes and its length say. */
export type DataFileState =
  | { readonly kind: "whole" }
  | { readonly kind: "foreign" }
  | { readonly kind: "truncated"; /** At least. */ readonly missingBytes: number };

/** Where a meta page has what. */
const MAGIC = 0xbeefc0de;
const MAGIC_AT = 24;
const PAGE_SIZE_AT = 48;
const FREE_ROOT_AT = 88;
const MAIN_ROOT_AT = 136;
const LAST_PAGE_AT = 144;
const TRANSACTION_AT = 152;
const META_BYTES = 160;

const PAGE_SIZE_MIN = 256;
const PAGE_SIZE_MAX = 65_536;

/** Of a page of a tree: its flags, and how many bytes of pointers to nodes follow its header. */
const FLAGS_AT = 18;
const POINTERS_END_AT = 20;
const HEADER_BYTES = 24;
const BRANCH = 0x01;
const LEAF = 0x02;

/** Of a node: its flags and the length of its key; then come the key and the data. */
const NODE_FLAGS_AT = 4;
const KEY_LENGTH_AT = 6;
const KEY_AT = 8;
const IS_OVERFLOWING = 0x01;
const IS_DATABASE = 0x02;
/** Of its data, if it names an overflow's pages or the tree of a database. */
const OVERFLOW_PAGES_AT = 16;
const DATABASE_ROOT_AT = 40;

/** The root of an empty tree. */
const NO_PAGE = 0xffff_ffff_ffff_ffffn;

/** One of the two meta pages, and the length that the file should have by it. */
type Meta = { readonly page: Buffer; readonly pageSize: number; readonly fullSize: number };

/** Says whether LMDB can map the file. An empty file counts as a new one. */
export async function inspectDataFile(file: FileHandle): Promise<DataFileState> {
  const { size } = await file.stat();
  if (size === 0) return { kind: "whole" };
  const begin = await bytesAt(file, 0, PAGE_SIZE_MAX + META_BYTES);
  if (!isMeta(begin, 0)) return { kind: "foreign" };
  const pageSize = begin.readUInt32LE(PAGE_SIZE_AT);
  if (pageSize < PAGE_SIZE_MIN || pageSize > PAGE_SIZE_MAX) return { kind: "foreign" };
  const first = metaAt(begin, 0, pageSize);
  if (size < 2 * pageSize) return { kind: "truncated", missingBytes: first.fullSize - size };
  if (!isMeta(begin, pageSize)) return { kind: "foreign" };
  const second = metaAt(begin, pageSize, pageSize);
  const newest = transactionOf(second) > transactionOf(first) ? second : first;
  if (newest.fullSize <= size || (await holdsPagesInUse(file, size, newest))) {
    return { kind: "whole" };
  }
  return { kind: "truncated", missingBytes: newest.fullSize - size };
}

function isMeta(begin: Buffer, at: number): boolean {
  return begin.length >= at + META_BYTES && begin.readUInt32LE(at + MAGIC_AT) === MAGIC;
}

function metaAt(begin: Buffer, at: number, pageSize: number): Meta {
  const page = begin.subarray(at, at + META_BYTES);
  const pages = page.readBigUInt64LE(LAST_PAGE_AT) + 1n;
  return { page, pageSize, fullSize: Number(pages) * pageSize };
}

function transactionOf({ page }: Meta): bigint {
  return page.readBigUInt64LE(TRANSACTION_AT);
}

/** A run of pages that a tree uses; an overflow has several, and nothing below it. */
type Run = { readonly page: bigint; readonly pages: bigint; readonly isOverflow: boolean };

/** Whether all that the trees of the newest transaction use is within the file. */
async function holdsPagesInUse(file: FileHandle, size: number, meta: Meta): Promise<boolean> {
  const { pageSize } = meta;
  const filePages = BigInt(Math.floor(size / pageSize));
  const roots = [FREE_ROOT_AT, MAIN_ROOT_AT].map((at) => meta.page.readBigUInt64LE(at));
  const waiting = roots.flatMap(treeAt);
  // Trees share no page: more runs than pages can only be a circle.
  for (let runs = 0n; runs < filePages; runs += 1n) {
    const run = waiting.pop();
    if (run === undefined) return true;
    if (run.page + run.pages > filePages) return false;
    if (run.isOverflow) continue;
    const page = await bytesAt(file, Number(run.page) * pageSize, pageSize);
    const below = runsBelow(page);
    if (below === undefined) return false;
    waiting.push(...below);
  }
  return false;
}

function treeAt(root: bigint): readonly Run[] {
  return root === NO_PAGE ? [] : [{ page: root, pages: 1n, isOverflow: false }];
}

/** What a page of a tree points to; undefined if it is no such page. */
function runsBelow(page: Buffer): readonly Run[] | undefined {
  const flags = page.readUInt16LE(FLAGS_AT);
  const isBranch = (flags & BRANCH) !== 0;
  if (!isBranch && (flags & LEAF) === 0) return undefined;
  const count = page.readUInt16LE(POINTERS_END_AT) >> 1;
  const runs: Run[] = [];
  try {
    for (let index = 0; index < count; index += 1) {
      const node = page.subarray(HEADER_BYTES + page.readUInt16LE(HEADER_BYTES + 2 * index));
      runs.push(...(isBranch ? treeAt(BigInt(node.readUIntLE(0, 6))) : runsOfLeaf(node)));
    }
  } catch (error) {
    if (error instanceof RangeError) return undefined; // a pointer beyond the page
    throw error;
  }
  return runs;
}

function runsOfLeaf(node: Buffer): readonly Run[] {
  const flags = node.readUInt16LE(NODE_FLAGS_AT);
  const data = node.subarray(KEY_AT + node.readUInt16LE(KEY_LENGTH_AT));
  if ((flags & IS_DATABASE) !== 0) return treeAt(data.readBigUInt64LE(DATABASE_ROOT_AT));
  if ((flags & IS_OVERFLOWING) === 0) return [];
  const pages = data.readBigUInt64LE(OVERFLOW_PAGES_AT);
  return [{ page: data.readBigUInt64LE(0), pages, isOverflow: true }];
}

/** As many bytes as there are, at most `length`. */
async function bytesAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await file.read(bytes, 0, length, at);
  return bytes.subarray(0, bytesRead);
}
