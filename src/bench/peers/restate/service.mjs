// The workflow that is measured, as a Restate service: trivial steps, each result durable.
// node service.mjs PORT; ends when its standard input does.
import * as http2 from "node:http2";

// The SDK wants it, and Node.js has it from 22 on only.
Promise.withResolvers ??= function () {
  let resolve, reject;
  const promise = new this((yes, no) => ([resolve, reject] = [yes, no]));
  return { promise, resolve, reject };
};
const restate = await import("@restatedev/restate-sdk");

const bench = restate.service({
  name: "bench",
  handlers: {
    steps: async (context, count) => {
      for (let step = 0; step < count; step++) {
        await context.run(`step-${step}`, () => ({ ok: true }));
      }
      return { done: true };
    },
  },
});

const handler = restate.createEndpointHandler({ services: [bench] });
http2.createServer(handler).listen(Number(process.argv[2]), "127.0.0.1", () => console.log("listening"));
process.stdin.on("end", () => process.exit(0)).resume();
