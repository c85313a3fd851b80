import { describe } from 'node:test';
import { usePair } from './support/twins.mjs';
import { account } from './twins/account.mjs';
import { origins } from './twins/origins.mjs';
import { passwords } from './twins/passwords.mjs';
import { profile } from './twins/profile.mjs';
import { sessions } from './twins/sessions.mjs';
import { signIn } from './twins/sign-in.mjs';
import { signUp } from './twins/sign-up.mjs';
import { tokens } from './twins/tokens.mjs';
import { verification } from './twins/verification.mjs';

describe('The client of Better Auth sees the same here as at the reference', () => {
  usePair();
  signUp();
  verification();
  signIn();
  sessions();
  profile();
  passwords();
  account();
  tokens();
  origins();
});
