// What every way of the part "router" leads to: answers each request with the same bytes, on bare sockets, so that it costs as
// little as anything can beside what is measured. Its first message is answered with its port.
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { answerOrders } from "./orders.ts";

const BODY_BYTES = 1024;
const REPLY = [
  "HTTP/1.1 200 OK",
  "content-type: application/json",
  `content-length: ${BODY_BYTES}`,
  "x-region: us-east-1",
  "cache-control: no-store",
  "",
  "x".repeat(BODY_BYTES),
].join("\r\n");
const HEAD_END = Buffer.from("\r\n\r\n");

const server = createServer({ noDelay: true }, (socket) => {
  let pending: Buffer = Buffer.alloc(0);
  socket.on("error", () => socket.destroy());
  socket.on("data", (piece) => {
    pending = pending.length === 0 ? piece : Buffer.concat([pending, piece]);
    for (let end = pending.indexOf(HEAD_END); end >= 0; end = pending.indexOf(HEAD_END)) {
      pending = pending.subarray(end + HEAD_END.length);
      socket.write(REPLY);
    }
  });
});
server.listen(0, "127.0.0.1");
await once(server, "listening");

answerOrders(() => ({ port: (server.address() as AddressInfo).port }));
