import { expect, test } from "vitest";
import { parseStory, tell } from "../../support/story.ts";

const STORIES = import.meta.glob<string>("./stories/*.txt", { query: "?raw", import: "default", eager: true });

test("there are stories", () => {
  expect(Object.keys(STORIES).length).toBeGreaterThanOrEqual(11);
});

test.each(Object.entries(STORIES).map(([path, text]) => ({ path, story: parseStory(text) })))(
  "$path: $story.title",
  ({ story }) => {
    expect(tell(story)).toBe(story.expected);
  },
);
