import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { setAddresses } from "../../monitor/cli/addresses-edit.ts";

const file = (addresses: string): string => `regions:
  - id: one
    endpoint: { url: https://one.example.com, addresses: [192.0.2.1] } # kept
  - id: two
    endpoint:
      url: https://two.example.com
      addresses:${addresses}
dns: {}   # and this
`;

describe("the addresses of a region", () => {
  test.each([
    { name: "in brackets", before: " [192.0.2.2] # why", after: " [192.0.2.9] # why" },
    { name: "in brackets over lines", before: " [\n        192.0.2.2,\n      ]", after: " [192.0.2.9]" },
    {
      name: "as a list with hyphens",
      before: "\n        - 192.0.2.2\n        - 192.0.2.3",
      after: "\n        - 192.0.2.9",
    },
    { name: "as a list at the key's own depth", before: "\n      - 192.0.2.2", after: "\n      - 192.0.2.9" },
  ])("$name change, and nothing else does", ({ before, after }) => {
    const edit = setAddresses(file(before), 1, ["192.0.2.9"]);
    expect(edit.ok ? edit.value.text : edit.problems).toBe(file(after));
  });

  test.each([" [192.0.2.2]", "\n        - 192.0.2.2"])("become several, of both families (%j)", (before) => {
    const edit = setAddresses(file(before), 1, ["192.0.2.9", "2001:db8::"]);
    if (!edit.ok) throw new Error(JSON.stringify(edit.problems));
    expect(parse(edit.value.text)).toMatchObject({
      regions: [{}, { endpoint: { addresses: ["192.0.2.9", "2001:db8::"] } }],
    });
    expect(edit.value.line).toBe(before.startsWith("\n") ? 8 : 7);
  });

  test("of a region in one line change inside it", () => {
    const edit = setAddresses(file(" [192.0.2.2]"), 0, ["192.0.2.9"]);
    expect(edit.ok ? [edit.value.line, edit.value.before, edit.value.after] : edit.problems).toEqual([
      3,
      ["    endpoint: { url: https://one.example.com, addresses: [192.0.2.1] } # kept"],
      ["    endpoint: { url: https://one.example.com, addresses: [192.0.2.9] } # kept"],
    ]);
  });

  test.each([
    { name: "variables", before: ' ["${IP}"]', words: "found variables" },
    { name: "comments inside", before: "\n        - 192.0.2.2 # a\n        - 192.0.2.3", words: "comments inside" },
    { name: "an alias", before: " *there", words: "a list that is written here" },
  ])("are left alone where they are $name", ({ before, words }) => {
    const edit = setAddresses(file(before), 1, ["192.0.2.9"]);
    expect(edit.ok ? "edited" : edit.problems.map(({ message }) => message).join()).toContain(words);
  });
});
