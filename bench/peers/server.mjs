// The measured peer: `node server.mjs` and `bun server.mjs` are the same program.
import { Hono } from "hono";
import { createLocalJWKSet, jwtVerify } from "jose";
import { audience, auth, issuer, pool, port } from "./auth.mjs";
import { credits } from "./credits.mjs";

const app = new Hono();
const ledger = credits(pool);

// A copy of the key set in memory, which is the kindest way: neither a call nor a query for a validation.
let keys;

async function verify(token) {
  keys ??= createLocalJWKSet(await auth.api.getJwks());
  return (await jwtVerify(token, keys, { issuer, audience, algorithms: ["EdDSA"] })).payload;
}

async function caller(context) {
  const header = context.req.header("authorization");
  try {
    return header?.startsWith("Bearer ") ? (await verify(header.slice("Bearer ".length))).sub : undefined;
  } catch {
    return undefined;
  }
}

const stranger = (context) => context.json({ message: "Unauthorized" }, 401);

app.get("/health", async (context) => {
  await pool.query("select 1");
  return context.json({ status: "ok" });
});

app.post("/api/v1/auth/validate", async (context) => {
  const { token } = await context.req.json();
  try {
    return context.json({ valid: true, payload: await verify(token) });
  } catch {
    return context.json({ valid: false, error: "Invalid token" });
  }
});

app.get("/api/v1/credits/balance", async (context) => {
  const userId = await caller(context);
  return userId ? context.json(await ledger.balance(userId)) : stranger(context);
});

app.post("/api/v1/credits/use", async (context) => {
  const userId = await caller(context);
  if (!userId) return stranger(context);
  const { status, body } = await ledger.use(userId, await context.req.json());
  return context.json(body, status);
});

app.on(["GET", "POST"], "/api/auth/*", (context) => auth.handler(context.req.raw));

if (globalThis.Bun) {
  globalThis.Bun.serve({ fetch: app.fetch, port, hostname: "127.0.0.1" });
} else {
  const { serve } = await import("@hono/node-server");
  serve({ fetch: app.fetch, port, hostname: "127.0.0.1" });
}
