import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Where an emulator wrote down what happened, and what must not be in it. */
export interface Evidence {
  readonly cloud: { readonly dir: string; readonly evidence: string };
  readonly secrets: ReadonlySet<string>;
}

/**
 * Every file in which a secret that was in use can be read.
 *
 * Searched are the templates, the CLI's output, the stacks' events, the logs of the PostgreSQL servers, and the emulator's
 * own log, which holds the output of every function and every answer to CloudFormation.
 */
export function leaks({ cloud, secrets }: Evidence): string[] {
  if (secrets.size === 0) return [`${cloud.dir}: no secret was in use, so none can have been found`];
  const log = join(cloud.dir, 'localaws.log');
  const files = [...filesUnder(cloud.evidence), ...(existsSync(log) ? [log] : [])];
  return files.flatMap((file) => {
    const text = withoutInvocations(readFileSync(file, 'latin1'));
    return [...secrets]
      .filter((secret) => spellings(secret).some((spelling) => text.includes(spelling)))
      .map(
        (secret) => `${file}: a secret of ${secret.length} characters that starts with ${secret.slice(0, 3)}`,
      );
  });
}

/** How many files and secrets were compared. */
export function searched({ cloud, secrets }: Evidence): string {
  return `${filesUnder(cloud.evidence).length + 1} files, ${secrets.size} secrets`;
}

/** The emulator writes down what each function was called with, logins included. No AWS does, so it is no leak. */
function withoutInvocations(text: string): string {
  return text.replace(/^(.* --- \S+ \([\d.]+s exit -?\d+\)) event=.*$/gm, '$1');
}

function spellings(secret: string): string[] {
  const inJson = (text: string) => JSON.stringify(text).slice(1, -1);
  const inSql = secret.replaceAll("'", "''");
  const encoded = [encodeURIComponent(secret), Buffer.from(secret).toString('base64')];
  return [secret, inJson(secret), inJson(inJson(secret)), inSql, ...encoded];
}

function filesUnder(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .map((name) => join(dir, name))
    .filter((file) => statSync(file).isFile() && !/\/asset\./.test(file));
}
