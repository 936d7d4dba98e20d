/** The file of static tokens: one a line, `token,user,uid` and optionally `"group1,group2"`. */
import type { StaticToken } from "./bearer-tokens.ts";

/** Throws, naming the line, when one has fewer than three columns or is not closed. */
export function parseTokenFile(text: string): readonly StaticToken[] {
  return text.split(/\r?\n/).flatMap((line, index): readonly StaticToken[] => {
    if (line.trim() === "" || line.startsWith("#")) return [];
    const [token = "", name = "", uid = "", groups = "", ...more] = columnsOf(line, index + 1);
    if (token === "" || name === "" || more.length > 0) {
      throw new Error(`line ${index + 1}: a token is \`token,user,uid\` and, if need be, "groups"`);
    }
    const user = {
      name,
      groups: groups.split(",").filter((group) => group !== ""),
      ...(uid === "" ? {} : { uid }),
    };
    return [{ token, user }];
  });
}

/** Columns between commas; one in quotes may have commas, and quotes written twice. */
function columnsOf(line: string, number: number): readonly string[] {
  const columns: string[] = [];
  for (let at = 0; at <= line.length;) {
    const isQuoted = line[at] === '"';
    const match = /^(?:"((?:[^"]|"")*)"|([^,"]*))(?:,|$)/.exec(line.slice(at));
    if (match === null) throw new Error(`line ${number}: a quoted column is not closed`);
    const [whole, quoted = "", plain = ""] = match;
    columns.push(isQuoted ? quoted.replaceAll('""', '"') : plain.trim());
    at += whole.length;
    if (!whole.endsWith(",")) break;
  }
  if (columns.length < 3) throw new Error(`line ${number}: fewer than three columns`);
  return columns;
}
