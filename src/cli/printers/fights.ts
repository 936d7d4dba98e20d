/** Who changes a field to and fro, and what one change led to, as people read it. */
import { apiTime } from "../../machinery/api-time.ts";
import type { Consequences } from "../../trace/explain/consequences.ts";
import type { Fight } from "../../trace/explain/fights.ts";
import { spanText } from "./span.ts";
import { changeLine } from "./story.ts";

/** So long after its last blow, a fight may still go on. */
const QUIET_MS_MIN = 10_000;

/** Lines; one for each field, and one for each of its writers. */
export function fightLines(fights: readonly Fight[], nowMs: number): readonly string[] {
  return fights.flatMap((fight) => {
    const { field, how, writers, turns, firstRevision, lastRevision, spanMs } = fight;
    const often = `${turns} times in ${spanText(spanMs)}`;
    const where = `from @${firstRevision} to @${lastRevision}`;
    const last = `\`setpoint why --revision ${lastRevision}\` tells why it was done last`;
    const isPutBack = how === "put-back";
    const what = isPutBack ? `went back ${often}` : `was written in turn ${often}`;
    const values = isPutBack ? "" : ", each time another value";
    return [
      `${field} ${what}, ${where}${values}${quietText(fight, nowMs)}; ${last}`,
      ...writers.map((writer) => {
        const { value, revision } = writer;
        const wish = isPutBack ? "wants" : "wrote";
        return `  ${whoText(writer)} ${wish} ${value}, the last time at @${revision}`;
      }),
    ];
  });
}

/** A pause longer than those within the fight is told, and who has settled it. */
function quietText({ turns, spanMs, lastMs, since }: Fight, nowMs: number): string {
  const quietMs = nowMs - lastMs;
  const settled =
    since === undefined ? "" : `, and ${whoText(since)} set ${since.value} at @${since.revision}`;
  if (settled === "" && quietMs <= Math.max(QUIET_MS_MIN, (2 * spanMs) / turns)) return "";
  return `; quiet since ${apiTime(lastMs)} (${spanText(quietMs)})${settled}`;
}

function whoText({ actor, user }: Fight["writers"][number]): string {
  return actor === "" || user.endsWith(`:${actor}`) ? user : `${user} (${actor})`;
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
