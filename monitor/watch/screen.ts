// How `monitor watch` shows itself: a picture on a terminal, elsewhere one line for each change of a verdict or an incident on
// stdout. What went wrong with the monitor itself is told on stderr, or under the picture, where it can be seen.
import { type Face, openLog, openPicture } from "../local/faces.ts";
import { widthOf } from "../local/screen.ts";
import { visibleText } from "../local/text-line.ts";
import { toIso } from "../time.ts";
import type { Clock } from "../run/world.ts";

export interface WatchScreen {
  readonly face: Face;
  /** For whoever runs the monitor; there may be words in it that the public faces must not have. */
  readonly tell: (lines: readonly string[]) => void;
}

/** The latest lines stay under the picture. */
const TOLD_MAX = 8;

export interface Terminals {
  /** "picture": both are a terminal that can be drawn on. */
  readonly style: "picture" | "lines";
  readonly colours: "on" | "off";
  readonly stdout: { readonly columns?: number; readonly rows?: number; write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

export function openWatchScreen({ style, colours, stdout, stderr }: Terminals, clock: Pick<Clock, "now">): WatchScreen {
  const timed = (line: string): string => `${toIso(clock.now()).slice(11, 19)}Z ${visibleText(line)}`;
  if (style === "lines") {
    const tell = (lines: readonly string[]): void => lines.forEach((line) => void stderr.write(`${timed(line)}\n`));
    return { face: openLog((text) => stdout.write(text)), tell };
  }
  const told: string[] = [];
  const tell = (lines: readonly string[]): void => {
    told.push(...lines.flatMap((line) => piecesOf(timed(line), widthOf(stdout))));
    told.splice(0, told.length - TOLD_MAX);
  };
  return { face: openPicture(stdout, colours, told), tell };
}

/** The picture cuts what is too wide, and the end of a problem is what to do about it. */
function piecesOf(line: string, width: number): readonly string[] {
  const count = Math.max(1, Math.ceil(line.length / width));
  return Array.from({ length: count }, (_, index) => line.slice(index * width, (index + 1) * width));
}
