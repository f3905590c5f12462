// What all parts of the status page are made of. Words carry the meaning; colours only repeat it.
import { formatDuration, parseIso } from "../time.ts";

/** Reasons may name every region and every place. */
const PROSE_MAX = 500;

export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** A state in a word: its shape and its colour come from the style. */
export function mark(kind: string, words: string): string {
  return `<span class="mark ${kind}">${escapeHtml(words)}</span>`;
}

/** "12:34:56 UTC", with the day where it is not today's, and the whole instant for those who need it. */
export function time(iso: string, now: string): string {
  const day = iso.slice(0, 10) === now.slice(0, 10) ? "" : `${iso.slice(0, 10)} `;
  return `<time datetime="${escapeHtml(iso)}" title="${escapeHtml(iso)}">${escapeHtml(day + iso.slice(11, 19))} UTC</time>`;
}

/** A sentence in which instants are told as on the rest of the page; /status has what is too long for it. */
export function prose(words: string, now: string): string {
  const cut = words.length > PROSE_MAX ? `${words.slice(0, PROSE_MAX).trimEnd()} …` : words;
  return escapeHtml(cut).replaceAll(/\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z/g, (iso) => time(iso, now));
}

/** "12:34:56 UTC, 3 m 20 s ago". */
export function timeSince(iso: string, now: string): string {
  return `${time(iso, now)}, ${durationBetween(iso, now)} ago`;
}

export function durationBetween(from: string, to: string): string {
  return formatDuration(Math.max(0, (parseIso(to) ?? 0) - (parseIso(from) ?? 0)));
}

/** `id` names the section for links and for its own heading. */
export function section(id: string, title: string, content: string): string {
  return `<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${escapeHtml(title)}</h2>${content}</section>\n`;
}

/** Wider than a phone: it can be scrolled by keyboard as well. */
export function table(title: string, kind: string, heads: readonly string[], rows: readonly string[]): string {
  const head = heads.map((one) => `<th scope="col">${one}</th>`).join("");
  return `<div class="wide" tabindex="0" role="region" aria-label="${escapeHtml(title)}: table"><table class="${kind}"><thead><tr>${head}</tr></thead><tbody>${rows.join("\n")}</tbody></table></div>`;
}
