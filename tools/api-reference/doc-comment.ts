/** Doc comments as they stand before a declaration, and as Markdown. */
import { parseAst } from "vitest/node";

/** The words of the doc comment that ends right before `start`; empty if there is none. */
export function docBefore(text: string, start: number): string {
  const before = withoutLineComments(text.slice(0, start).trimEnd());
  if (!before.endsWith("*/")) return "";
  const opening = before.lastIndexOf("/*");
  if (!before.startsWith("/**", opening)) return "";
  return docWords(before.slice(opening));
}

/** The words of the comment a file begins with, which tells what the whole of it is about. */
export function docOfFile(text: string): string {
  const [comment] = /^\/\*\*[\s\S]*?\*\//.exec(text) ?? [];
  return comment === undefined ? "" : docWords(comment);
}

/** Notes for the linter may stand between a comment and what it is about. */
function withoutLineComments(before: string): string {
  const lines = before.split("\n");
  while (lines.at(-1)?.trim().startsWith("//") === true) lines.pop();
  return lines.join("\n").trimEnd();
}

function docWords(comment: string): string {
  return comment
    .replace(/^\/\*\*/, "")
    .replace(/\*\/$/, "")
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, "").trimEnd())
    .map((line) => line.replace(/^@(packageDocumentation|public) ?/, ""))
    .join("\n")
    .trim();
}

/** The first sentence, on one line. */
export function firstSentence(doc: string): string {
  const paragraph = doc.split("\n\n")[0] ?? "";
  const line = paragraph.replace(/\s+/g, " ");
  return /^(.*?[^.][.!?])(?: (?=[A-Z`])|$)/.exec(line)?.[1] ?? line.replace(/:$/, "");
}

/** Parts of a text that are code, or not. */
const CODE = /(`[^`]*`)/;

/**
 * A doc comment as Markdown: what is indented is a block of code, names in backticks lead to where
 * they are told of.
 */
export function markdownOf(doc: string, linkTo: (name: string) => string | undefined): string {
  return blocksOf(doc)
    .map(({ isCode, text }) => (isCode ? codeBlock(text) : linked(text, linkTo)))
    .join("\n\n");
}

type Block = { readonly isCode: boolean; readonly text: string };

function blocksOf(doc: string): readonly Block[] {
  const blocks: Block[] = [];
  for (const text of doc.split(/\n{2,}/)) {
    const isCode = text.startsWith("    ");
    const last = blocks.at(-1);
    if (isCode && last?.isCode === true) {
      blocks.splice(-1, 1, { isCode, text: `${last.text}\n\n${text}` });
    } else {
      blocks.push({ isCode, text });
    }
  }
  return blocks;
}

function codeBlock(text: string): string {
  const code = text.replace(/^ {4}/gm, "");
  return `\`\`\`${isTypeScript(code) ? "ts" : "text"}\n${code}\n\`\`\``;
}

/** Blocks of TypeScript in a doc comment, without what they leave out: `{ owns: [Pod], ... }`. */
export function examplesOf(doc: string): readonly string[] {
  return blocksOf(doc)
    .filter(({ isCode, text }) => isCode && isTypeScript(text.replace(/^ {4}/gm, "")))
    .map(({ text }) => withoutEllipses(text.replace(/^ {4}/gm, "")));
}

function withoutEllipses(code: string): string {
  return code.replace(/,\s*\.\.\.(?=\s*[}\])])/g, "");
}

/** An option alone, `concurrency: 4`, would be a label with a value. */
function isTypeScript(code: string): boolean {
  if (/^\w+:/.test(code)) return false;
  try {
    parseAst(withoutEllipses(code), { lang: "ts" });
    return /[;{(]/.test(code);
  } catch {
    return false;
  }
}

function linked(text: string, linkTo: (name: string) => string | undefined): string {
  return text
    .split(CODE)
    .map((part) => {
      if (!part.startsWith("`")) return part.replace(/</g, "\\<");
      const target = linkTo(part.slice(1, -1).replace(/\(.*\)$/s, ""));
      return target === undefined ? part : `[${part}](${target})`;
    })
    .join("");
}
