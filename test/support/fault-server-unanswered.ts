// A thread that listens and then never accepts: once its queue is full the kernel drops every further SYN, which is what a
// firewall that swallows packets looks like from outside.
import { createServer } from "node:net";
import { parentPort } from "node:worker_threads";

const server = createServer();
server.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
  const address = server.address();
  parentPort?.postMessage(typeof address === "object" ? address?.port : 0);
  setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
});
