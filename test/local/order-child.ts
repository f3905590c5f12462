// A child that obeys in all the ways in which a child can.
import { obey } from "../../monitor/local/orders.ts";

process.on("disconnect", () => process.exit(0));
console.error("one line\nanother line");

obey({
  echo: async (argument) => argument,
  fail: async () => {
    throw new Error("it does not work");
  },
  hang: () => new Promise(() => {}),
  die: async () => process.exit(7),
});
