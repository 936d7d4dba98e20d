/**
 * Code that documents show, as files that can be checked. Each block of TypeScript is a module of
 * its own, in a folder of its document. A comment right before it, which readers do not see, says
 * what the page leaves out:
 *
 *     <!-- snippet: named site.ts -->           others of the page import it as `./site.ts`
 *     <!-- snippet: after                       what stands before it, such as imports
 *     import { sites } from "./site.ts";
 *     -->
 *     <!-- snippet: unchecked, pepr is no dependency of ours -->
 *
 * and, anywhere in a document, a file that no block shows:
 *
 *     <!-- snippet: file site.ts
 *     export const sites = ...;
 *     -->
 */

export type Snippet = {
  /** Of a file in the folder of the document. */
  readonly name: string;
  readonly code: string;
  /** Where its first line stands in the document (1-based). */
  readonly line: number;
};

/** A block of code as it stands in a document. */
export type Block = {
  /** Empty: it names none. */
  readonly language: string;
  readonly code: string;
  /** Of its first line of code (1-based). */
  readonly line: number;
  /** What the comment before it says after `snippet:`; empty: there is none. */
  readonly note: string;
};

const BLOCK = /(?:^<!-- snippet: ((?:(?!-->)[^])*)-->\s*)?^ *```([a-z]*)\n([^]*?)^ *```$/gm;
const NOTE = /^<!-- snippet: [^]*?-->/m;
const HIDDEN_FILE = /^<!-- snippet: file (\S+)\n([^]*?)^-->/gm;

/** All blocks of code. */
export function blocksOf(text: string): readonly Block[] {
  // A hidden file may hold anything, fences included.
  const visible = text.replace(HIDDEN_FILE, (hidden) => hidden.replace(/[^\n]/g, ""));
  const loose = NOTE.exec(visible.replace(BLOCK, ""));
  if (loose !== null) throw new Error(`it stands before no block: ${loose[0].slice(0, 60)}`);
  return [...visible.matchAll(BLOCK)].map((match) => {
    const [whole, note = "", language = "", code = ""] = match;
    const before = visible.slice(0, match.index + whole.lastIndexOf(code));
    return { language, code, note: note.trim(), line: before.split("\n").length };
  });
}

/** What is to be compiled of a document. Throws for a comment that is not understood. */
export function snippetsOf(text: string): readonly Snippet[] {
  const hidden = [...text.matchAll(HIDDEN_FILE)].map((match) => {
    const [, name = "", code = ""] = match;
    const line = text.slice(0, match.index).split("\n").length + 1;
    return { name, code, line };
  });
  const shown = blocksOf(text)
    .filter(({ language }) => language === "ts" || language === "typescript")
    .flatMap((block, index) => snippetOf(block, `${index + 1}.ts`));
  return [...hidden, ...shown];
}

function snippetOf({ code, line, note }: Block, name: string): readonly Snippet[] {
  if (note === "") return [{ name, code, line }];
  const [, word = "", rest = ""] = /^(\w+),?\s+([^]*)$/.exec(note) ?? [];
  switch (word) {
    case "named":
      return [{ name: rest, code, line }];
    case "after":
      return [{ name, code: `${rest}\n${code}`, line: line - rest.split("\n").length }];
    case "unchecked":
      return [];
    default:
      throw new Error(`line ${line}: no such comment: snippet: ${note.slice(0, 40)}`);
  }
}
