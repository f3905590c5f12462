// What YAML allows and a topology does not, and what is no YAML at all: each text with everything that is said about it.
import { describe, expect, test } from "vitest";
import { edited, extended, problemLines, ROOT_KEYS, SMALLEST } from "../../support/topology-text.ts";

describe("texts that are not what they should be as YAML", () => {
  test.each([
    {
      name: "nothing at all",
      text: "",
      problems: [`1:1: expected a mapping with the keys ${ROOT_KEYS}, found nothing`],
    },
    {
      name: "comments alone",
      text: "# nothing yet\n",
      problems: [`1:1: expected a mapping with the keys ${ROOT_KEYS}, found nothing`],
    },
    {
      name: "a list instead of a mapping",
      text: "- service\n",
      problems: [`1:1: expected a mapping with the keys ${ROOT_KEYS}, found a list of 1`],
    },
    {
      name: "a text instead of a mapping",
      text: "service\n",
      problems: [`1:1: expected a mapping with the keys ${ROOT_KEYS}, found "service"`],
    },
    {
      name: "a second document",
      text: `${SMALLEST}---\nlocal: true\n`,
      problems: ["14:1: expected one YAML document, found the start of another"],
    },
    {
      name: "a tab as indentation",
      text: edited(["  zone: example.com", "\tzone: example.com"]),
      problems: ["12:1: expected spaces as indentation, found a tab"],
    },
    {
      name: "a bracket that is never closed",
      text: edited(["addresses: [192.0.2.10] }", "addresses: [192.0.2.10 }"]),
      problems: [
        "6:71: expected YAML, found a mistake: Flow sequence in block collection must be sufficiently indented and end with a ]",
        "7:3: expected YAML, found a mistake: Flow map in block collection must be sufficiently indented and end with a }",
        "8:13: expected YAML, found a mistake: Nested mappings are not allowed in compact mappings",
      ],
    },
    {
      name: "a key without its colon",
      text: edited(["    region: us-east-1", "    region us-east-1"]),
      problems: ["4:5: expected YAML, found a mistake: Implicit keys need to be on a single line"],
    },
    {
      name: "a duplicate key",
      text: extended("local: false", "local: true"),
      problems: ["15:1: local: duplicate key `local`: expected it once, found it in line 14 already"],
    },
    {
      name: "a duplicate key deep inside",
      text: edited(["context: east", "context: east, context: west"]),
      problems: [
        "5:31: regions[0].cluster.context: duplicate key `context`: expected it once, found it in line 5 already",
      ],
    },
    {
      name: "a tag of its own",
      text: edited(["image: demo:1", "image: !image demo:1"]),
      problems: [
        "1:55: expected a value that needs no tag, found a tag that YAML's core schema does not have or that does not fit",
      ],
    },
    {
      name: "a tag that does not fit",
      text: edited(["zone: example.com", "zone: !!int example.com"]),
      problems: [
        "12:9: expected a value that needs no tag, found a tag that YAML's core schema does not have or that does not fit",
      ],
    },
    {
      name: "an unknown directive",
      text: `%FOLD 1\n---\n${SMALLEST}`,
      problems: ["1:1: expected no directives, found one that is unknown or broken"],
    },
    {
      name: "an alias without an anchor",
      text: edited(["name: demo", "name: *nobody"]),
      problems: ["1:18: service.name: expected an anchor &nobody before this alias, found none"],
    },
    {
      name: "an alias as key",
      text: edited(["zone: example.com", "zone: &zone example.com\n  *zone : x"]),
      problems: ["13:3: dns: expected a text as key, found an alias, a list or a mapping"],
    },
    {
      name: "a mapping as key",
      text: extended("? { a: b }", ": c"),
      problems: ["14:3: expected a text as key, found an alias, a list or a mapping"],
    },
    {
      name: "a number as key",
      text: extended("1: one"),
      problems: [`14:1: 1: unknown key \`1\`, known here: ${ROOT_KEYS}`],
    },
    {
      name: "a merge key, which YAML 1.2 does not have",
      text: extended("<<: { local: true }"),
      problems: [`14:1: "<<": unknown key \`"<<"\`, known here: ${ROOT_KEYS}`],
    },
    {
      name: "a key named __proto__",
      text: extended("__proto__: { local: true }"),
      problems: [`14:1: __proto__: unknown key \`__proto__\`, known here: ${ROOT_KEYS}`],
    },
  ])("$name", ({ text, problems }) => {
    expect(problemLines(text)).toEqual(problems);
  });
});
