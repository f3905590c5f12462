// How `monitor up` shows itself: a picture that keeps itself current on a terminal, one line per change elsewhere.
import type { StatusReport } from "../report/status-schema.ts";
import type { Instant } from "../time.ts";
import { toIso } from "../time.ts";
import { listChanges } from "./changes.ts";
import { openScreen, type Terminal } from "./screen.ts";
import { renderTable } from "./table.ts";
import { visibleText } from "./text-line.ts";

/** What one look at `/status` gave. */
export type Sight =
  | { readonly kind: "report"; readonly report: StatusReport }
  | { readonly kind: "silent"; readonly detail: string };

export interface Face {
  show(sight: Sight, at: Instant): void;
  /** Leaves the terminal as it was. A second call does nothing. */
  close(): void;
}

/** `hints` stand under the picture. */
export function openPicture(terminal: Terminal, colours: "on" | "off", hints: readonly string[]): Face {
  const screen = openScreen(terminal);
  return {
    show(sight, at) {
      const style = { width: screen.width, colours };
      const lines =
        sight.kind === "report"
          ? renderTable(sight.report, style, at)
          : [visibleText(`no report yet: ${sight.detail}`).slice(0, screen.width)];
      screen.draw([...lines, "", ...hints.map((hint) => hint.slice(0, screen.width))]);
    },
    close: () => screen.close(),
  };
}

export function openLog(write: (text: string) => unknown): Face {
  let before: StatusReport | null = null;
  let silence: string | null = null;
  return {
    show(sight, at) {
      const time = toIso(at).slice(11, 19);
      const say = (line: string): unknown => write(`${time}Z ${visibleText(line)}\n`);
      if (sight.kind === "silent") {
        if (silence !== sight.detail) say(`no report: ${sight.detail}`);
        silence = sight.detail;
        return;
      }
      silence = null;
      listChanges(before, sight.report).forEach(say);
      before = sight.report;
    },
    close: () => {},
  };
}
