import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

const ITERATIONS = 4096; // PostgreSQL's own default
const NON_ASCII_SPACE = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/g;
// eslint-disable-next-line no-misleading-character-class -- RFC 3454 table B.1 lists single code points
const MAPPED_TO_NOTHING = /[\u00ad\u034f\u1806\u180b-\u180d\u200b-\u200d\u2060\ufe00-\ufe0f\ufeff]/gu;

/** The password as clients hash it: SASLprep (RFC 4013) changes nothing in printable ASCII. */
function saslprep(password: string): string {
  return password.replace(NON_ASCII_SPACE, ' ').replace(MAPPED_TO_NOTHING, '').normalize('NFKC');
}

/**
 * A salt by which this library knows a verifier again: the server sends the salt to whoever logs in, but no password, and for
 * a role without password one that it makes up.
 */
function ownSalt(): Buffer {
  const random = randomBytes(16);
  return Buffer.concat([random, tagOf(random)]);
}

function tagOf(random: Buffer): Buffer {
  return createHash('sha256').update('cdk-datafold-postgres').update(random).digest().subarray(0, 8);
}

/** True for the salt of a verifier that this library has set, as the server sends it. */
export function isOwnSalt(base64: string): boolean {
  const salt = Buffer.from(base64, 'base64');
  return salt.length === 24 && tagOf(salt.subarray(0, 16)).equals(salt.subarray(16));
}

/**
 * What PostgreSQL stores for a password. Sent instead of the password, which `log_statement=mod` would write into the
 * log in the clear.
 */
export function scramVerifier(password: string, salt: Buffer = ownSalt()): string {
  const salted = pbkdf2Sync(saslprep(password), salt, ITERATIONS, 32, 'sha256');
  const hmac = (text: string) => createHmac('sha256', salted).update(text).digest();
  const storedKey = createHash('sha256').update(hmac('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${hmac('Server Key').toString('base64')}`;
}
