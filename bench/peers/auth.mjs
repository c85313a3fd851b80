// Better Auth as the ecosystem ran it: e-mail and password, organisations, JWT (EdDSA), second factor, magic link, bearer. In production
// mode, without its rate limiter and its log.
import { betterAuth } from "better-auth";
import { bearer, jwt, magicLink, organization, twoFactor } from "better-auth/plugins";
import pg from "pg";

export const port = Number(process.env.PORT ?? 0);
export const issuer = "manacore";
export const audience = "manacore";

// As large as the product's own pool.
export const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 20 });

export const auth = betterAuth({
  baseURL: process.env.BASE_URL ?? "http://127.0.0.1",
  basePath: "/api/auth",
  secret: "a secret of the benchmarks, which protects nothing",
  database: pool,
  logger: { disabled: true },
  telemetry: { enabled: false },
  rateLimit: { enabled: false },
  emailAndPassword: { enabled: true, minPasswordLength: 8 },
  // Off by default. AT_BEST=1 is the fastest get-session it offers: a signed copy of the session in a cookie, believed for five minutes.
  session: { cookieCache: { enabled: process.env.AT_BEST === "1", maxAge: 300 } },
  plugins: [
    organization(),
    jwt({
      // Off by default too: otherwise a JWT is signed for every get-session.
      disableSettingJwtHeader: process.env.AT_BEST === "1",
      jwks: { keyPairConfig: { alg: "EdDSA", crv: "Ed25519" } },
      jwt: {
        issuer,
        audience,
        expirationTime: "15m",
        definePayload: ({ user, session }) => ({ email: user.email, role: user.role ?? "user", sid: session.id }),
      },
    }),
    twoFactor(),
    magicLink({ sendMagicLink: async () => {} }),
    bearer(),
  ],
});
