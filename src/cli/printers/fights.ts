/** Who changes a field to and fro, and what one change led to, as people read it. */
import type { Consequences } from "../../trace/explain/consequences.ts";
import type { Fight } from "../../trace/explain/fights.ts";
import { spanText } from "./span.ts";
import { changeLine } from "./story.ts";

/** Lines; one for each field, and one for each of its writers. */
export function fightLines(fights: readonly Fight[]): readonly string[] {
  return fights.flatMap(({ field, writers, turns, firstRevision, lastRevision, spanMs }) => {
    const often = `${turns} times in ${spanText(spanMs)}`;
    const where = `from @${firstRevision} to @${lastRevision}`;
    const last = `\`setpoint why --revision ${lastRevision}\` tells why it was done last`;
    return [
      `${field} went back ${often}, ${where}; ${last}`,
      ...writers.map(({ actor, user, value, revision }) => {
        const who = actor === "" || user.endsWith(`:${actor}`) ? user : `${user} (${actor})`;
        return `  ${who} wants ${value}, the last time at @${revision}`;
      }),
    ];
  });
}

/** The change, and below each change what it led to. One that several led to is told once. */
export function consequenceLines({ change, led, isCut }: Consequences): readonly string[] {
  const children = new Map<number, number[]>();
  for (const { change: effect, from } of led) {
    const parent = from.at(-1) ?? change.revision; // the newest cause is the nearest
    children.set(parent, [...(children.get(parent) ?? []), effect.revision]);
  }
  const byRevision = new Map(led.map((each) => [each.change.revision, each]));
  const lines = [changeLine(change)];
  const visit = (revision: number, indent: string): void => {
    const below = children.get(revision) ?? [];
    below.forEach((at, index) => {
      const effect = byRevision.get(at);
      if (effect === undefined) return;
      const isLast = index === below.length - 1;
      const others = effect.from.slice(0, -1).map((each) => `@${each}`);
      const also = others.length === 0 ? "" : ` (led to by ${others.join(", ")}, too)`;
      lines.push(`${indent}${isLast ? "└─ " : "├─ "}${changeLine(effect.change)}${also}`);
      visit(at, `${indent}${isLast ? "   " : "│  "}`);
    });
  };
  visit(change.revision, "");
  lines.push(`${led.length} changes followed${isCut ? ", and there may be more" : ""}`);
  return lines;
}
