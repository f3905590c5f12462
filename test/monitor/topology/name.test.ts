// The forms of names, just inside and just outside of each.
import { describe, expect, test } from "vitest";
import {
  AWS_REGION,
  CONTEXT_NAME,
  DNS_LABEL,
  DNS_NAME,
  HEALTH_PATH,
  IMAGE_NAME,
  OBJECT_NAME,
} from "../../../monitor/topology/name.ts";

const label = (length: number): string => "x".repeat(length);

const FORMS = [
  {
    form: "DNS label",
    pattern: DNS_LABEL,
    right: ["a", "7", "a-b", "a1", label(63)],
    wrong: ["", "-a", "a-", "A", "a_b", "a.b", label(64), "a\n"],
  },
  {
    form: "DNS name",
    pattern: DNS_NAME,
    right: [
      "a",
      "1.a",
      "a-b.c-d",
      "x9.example",
      `${label(63)}.${label(63)}`,
      `${label(63)}.${label(63)}.${label(63)}.${label(61)}`,
    ],
    wrong: [
      "",
      "a.",
      ".a",
      "a..b",
      "a.-b",
      "a-.b",
      "a.7",
      "0x7f",
      "A.b",
      "a_b.c",
      `${label(64)}.a`,
      `a.${label(64)}`,
      `${label(63)}.${label(63)}.${label(63)}.${label(62)}`,
    ],
  },
  {
    form: "AWS region",
    pattern: AWS_REGION,
    right: ["us-east-1", "us-gov-west-1", "eusc-de-east-1", "ap-southeast-12"],
    wrong: ["", "EU", "us-east", "us-east-1a", "us-east-123", "europe-west1", "u-east-1", "us-a-b-east-1", "us-e-1"],
  },
  {
    form: "kubeconfig context",
    pattern: CONTEXT_NAME,
    right: ["a", "arn:aws:eks:us-east-1:1:cluster/a", "gke_p_zone_name", "me@host", label(253)],
    wrong: ["", "-a", "a b", "a=b", label(254)],
  },
  {
    form: "image",
    pattern: IMAGE_NAME,
    right: ["a", "localhost:5000/a/b:1.0_x", "a@sha256:0f", label(512)],
    wrong: ["", "A", "-a", "a b", label(513)],
  },
  {
    form: "name of a Kubernetes object",
    pattern: OBJECT_NAME,
    right: ["a", "7", "ghcr-1.example", label(253)],
    wrong: ["", "A", "a_b", "-a", "a-", "a..b", ".a", "a.", "a.-b", "a/b", label(254)],
  },
  {
    form: "health path",
    pattern: HEALTH_PATH,
    right: ["/", "/healthz", "/a?b=c", `/${label(254)}`],
    wrong: ["", "healthz", "/a b", "/a#b", "/ä", `/${label(255)}`],
  },
] as const;

describe.each(FORMS)("$form", ({ pattern, right, wrong }) => {
  test.each(right)("%j is one", (text) => {
    expect(pattern.test(text)).toBe(true);
  });

  test.each(wrong)("%j is none", (text) => {
    expect(pattern.test(text)).toBe(false);
  });
});
