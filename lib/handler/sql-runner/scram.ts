import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

const ITERATIONS = 4096; // PostgreSQL's own default
const NON_ASCII_SPACE = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/g;
// eslint-disable-next-line no-misleading-character-class -- RFC 3454 table B.1 lists single code points
const MAPPED_TO_NOTHING = /[\u00ad\u034f\u1806\u180b-\u180d\u200b-\u200d\u2060\ufe00-\ufe0f\ufeff]/gu;

/** Normalizes a password as clients do (SASLprep, RFC 4013). Printable ASCII is unchanged. */
function saslprep(password: string): string {
  return password.replace(NON_ASCII_SPACE, ' ').replace(MAPPED_TO_NOTHING, '').normalize('NFKC');
}

/**
 * Creates a salt that marks a verifier as set by this library. The server sends the salt to each client that logs in; for a role
 * without a password, it sends a random one.
 */
function ownSalt(): Buffer {
  const random = randomBytes(16);
  return Buffer.concat([random, tagOf(random)]);
}

function tagOf(random: Buffer): Buffer {
  return createHash('sha256').update('cdk-datafold-postgres').update(random).digest().subarray(0, 8);
}

/** Returns true for the salt of a verifier that this library set. */
export function isOwnSalt(base64: string): boolean {
  const salt = Buffer.from(base64, 'base64');
  return salt.length === 24 && tagOf(salt.subarray(0, 16)).equals(salt.subarray(16));
}

/**
 * Returns the SCRAM-SHA-256 verifier that PostgreSQL stores for a password.
 *
 * Statements contain the verifier because `log_statement=mod` would log the password in plain text.
 */
export function scramVerifier(password: string, salt: Buffer = ownSalt()): string {
  const salted = pbkdf2Sync(saslprep(password), salt, ITERATIONS, 32, 'sha256');
  const hmac = (text: string) => createHmac('sha256', salted).update(text).digest();
  const storedKey = createHash('sha256').update(hmac('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${hmac('Server Key').toString('base64')}`;
}
