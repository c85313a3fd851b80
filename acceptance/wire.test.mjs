import { useHouse } from './support/house.mjs';
import { FRONT, PATTERNS, origins } from './wire/origins.mjs';
import { requests } from './wire/requests.mjs';
import { sessions } from './wire/sessions.mjs';

// The configuration the reference server was recorded with: a mailbox has to be proved, and links in mails act at once.
const house = useHouse({
  REQUIRE_EMAIL_VERIFICATION: 'on',
  MAIL_LINKS: 'direct',
  RATE_LIMITS: 'off',
  CORS_ORIGINS: `${FRONT},http://localhost:3000`,
  TRUSTED_ORIGINS: PATTERNS,
});

requests(house);
sessions(house);
origins(house);
