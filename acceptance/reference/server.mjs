// The reference the wire is measured by: the npm package as its users run it, in the configuration of docs/reference/better-auth.md. It
// sends no mails; they are read at /dev/mail.json, as those of the product are.
import http from 'node:http';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import { admin, bearer, jwt, multiSession, organization, twoFactor } from 'better-auth/plugins';
import pg from 'pg';

const mails = [];
const mail = (subject) => async ({ user, url }) => {
  mails.unshift({ to: user.email, subject, text: url });
};

const auth = betterAuth({
  baseURL: process.env.BASE_URL,
  secret: process.env.BETTER_AUTH_SECRET,
  database: new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 5 }),
  logger: { disabled: true },
  telemetry: { enabled: false },
  rateLimit: { enabled: false },
  trustedOrigins: ['https://app.example.com'],
  advanced: { cookiePrefix: 'mana' },
  emailAndPassword: {
    enabled: true,
    requireEmailVerification: true,
    minPasswordLength: 8,
    maxPasswordLength: 128,
    revokeSessionsOnPasswordReset: true,
    sendResetPassword: mail('reset'),
  },
  emailVerification: { sendOnSignUp: true, autoSignInAfterVerification: true, sendVerificationEmail: mail('verification') },
  user: {
    changeEmail: { enabled: true },
    deleteUser: { enabled: true },
  },
  plugins: [
    bearer(),
    jwt({
      jwks: { keyPairConfig: { alg: 'EdDSA', crv: 'Ed25519' } },
      jwt: { issuer: 'manacore', audience: 'manacore', expirationTime: '15m' },
    }),
    admin(),
    twoFactor(),
    organization(),
    ...(process.env.SESSIONS_PER_BROWSER_MAX ? [multiSession({ maximumSessions: Number(process.env.SESSIONS_PER_BROWSER_MAX) })] : []),
  ],
});

await (await getMigrations(auth.options)).runMigrations();
const handle = toNodeHandler(auth);

http
  .createServer((request, response) => {
    if (request.url === '/dev/mail.json') {
      response.end(JSON.stringify(mails));
      return;
    }

    // A host application stands behind a proxy that says who calls.
    request.headers['x-forwarded-for'] = request.socket.remoteAddress;
    handle(request, response);
  })
  .listen(Number(process.env.PORT), '127.0.0.1', () => process.stdout.write('listening\n'));
