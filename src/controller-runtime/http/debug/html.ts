/** The few forms of HTML that the debug page has. Text is escaped here and nowhere else. */
import type { Top } from "./top.ts";

/** HTML that may be put into a page as it is. */
export type Html = { readonly html: string };

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A cell is cut to this length. */
const CELL_LENGTH_MAX = 1_000;

export function escaped(text: string): string {
  const short = text.length > CELL_LENGTH_MAX ? `${text.slice(0, CELL_LENGTH_MAX)}...` : text;
  return short.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? "");
}

export function heading(level: 1 | 2 | 3, text: string): Html {
  return { html: `<h${level}>${escaped(text)}</h${level}>\n` };
}

export function paragraph(text: string): Html {
  return { html: `<p>${escaped(text)}</p>\n` };
}

export function list(items: readonly string[]): Html {
  const lines = items.map((item) => `<li>${escaped(item)}</li>\n`);
  return { html: `<ul>\n${lines.join("")}</ul>\n` };
}

export type Column<T> = readonly [name: string, cell: (row: T) => string];

/** A table with a caption and, if there are more rows than are told, a line that says so. */
export function table<T>(
  caption: string,
  { count, first }: Top<T>,
  columns: readonly Column<T>[],
): Html {
  if (count === 0) return { html: "" };
  const head = columns.map(([name]) => `<th>${escaped(name)}</th>`).join("");
  const rows = first.map((row) => {
    const cells = columns.map(([, cell]) => `<td>${escaped(cell(row))}</td>`);
    return `<tr>${cells.join("")}</tr>\n`;
  });
  const more = count - first.length;
  const rest = more > 0 ? `<tr><td colspan="${columns.length}">and ${more} more</td></tr>\n` : "";
  const title = escaped(`${caption} (${count})`);
  const lines = [`<caption>${title}</caption>\n`, `<tr>${head}</tr>\n`, ...rows, rest];
  return { html: `<table>\n${lines.join("")}</table>\n` };
}

const STYLE = `body{font:14px/1.4 system-ui,sans-serif;margin:1.5em;max-width:110em}
table{border-collapse:collapse;margin:0 0 1.2em}caption{text-align:left;font-weight:600}
th,td{border:1px solid #bbb;padding:.15em .5em;text-align:left;vertical-align:top}
td{font-family:ui-monospace,monospace;overflow-wrap:anywhere}`;

/** A page without scripts and without anything that is fetched from elsewhere. */
export function page(title: string, parts: readonly Html[]): string {
  const name = escaped(title);
  const head = `<meta charset="utf-8">\n<title>${name}</title>\n<style>${STYLE}</style>\n`;
  const body = parts.map(({ html }) => html).join("");
  const content = `<head>\n${head}</head>\n<body>\n${body}</body>\n`;
  return `<!doctype html>\n<html lang="en">\n${content}</html>\n`;
}
