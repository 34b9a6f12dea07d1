import { createHash } from 'node:crypto';
import type { Client } from 'pg';
import { scramVerifier } from '../../lib/handler/sql-runner/scram';

export interface ScriptSetting {
  connect(database: string): Promise<Client>;
  /** What is typed at the prompt of `\password`. */
  readonly password: string;
  /** What is typed at the prompt of `\prompt`; default: `no`. */
  readonly answer?: string;
}

/**
 * The part of psql that the printed scripts use: `\set`, `\connect`, `\gset`, `\gexec`, `\if`, `\password`, `\prompt` and variables. Stops at
 * the first error, as with ON_ERROR_STOP.
 */
export async function runPsqlScript(script: string, setting: ScriptSetting): Promise<string[]> {
  const variables = new Map<string, string>();
  const conditions: boolean[] = [];
  const executed: string[] = [];
  let client = await setting.connect('postgres');
  let [buffer, last] = ['', ''];
  const send = async (text: string) => {
    executed.push(text);
    return client
      .query<Record<string, unknown>>({ text, types: { getTypeParser: () => String } })
      .catch((error: Error & { detail?: string }) => {
        throw new Error(`${error.message} ${error.detail ?? ''}`, { cause: error });
      });
  };
  const command = async (line: string) => {
    const [, name, argument] = /^\\(\w+) ?(.*)$/.exec(line)!;
    if (name === 'if') conditions.push(conditions.every(Boolean) && isTrue(fill(argument, variables)));
    else if (name === 'else') conditions.push(!conditions.pop() && conditions.every(Boolean));
    else if (name === 'endif') conditions.pop();
    else if (!conditions.every(Boolean) || ['set', 'pset', 'echo'].includes(name)) return;
    else if (name === 'connect') {
      await client.end();
      client = await setting.connect(databaseIn(argument));
    } else if (name === 'password') {
      const { rows } = await client.query<{ is: string }>(
        `SELECT current_setting('password_encryption') AS is`,
      );
      const verifier =
        rows[0].is === 'scram-sha-256'
          ? scramVerifier(setting.password)
          : `md5${createHash('md5')
              .update(setting.password + argument.replaceAll('"', ''))
              .digest('hex')}`;
      await client.query(`ALTER ROLE ${argument} PASSWORD '${verifier}'`);
    } else if (name === 'gexec') {
      for (const row of (await send(last)).rows)
        for (const one of Object.values(row)) await send(String(one));
    } else if (name === 'prompt') variables.set(/(\w+)$/.exec(argument)![1], setting.answer ?? 'no');
    else throw new Error(`psql's \\${name} is not known here`);
  };
  try {
    for (const line of script.split('\n')) {
      if (buffer === '' && (line === '' || line.startsWith('--'))) continue;
      if (buffer === '' && line.startsWith('\\')) {
        await command(line);
        continue;
      }
      if (!conditions.every(Boolean)) continue;
      buffer += `${line}\n`;
      const end = /(;| \\gset)\n$/.exec(buffer)?.[1];
      if (end === undefined) continue;
      const text = fill(buffer.slice(0, -end.length - 1), variables).trim();
      buffer = '';
      last = text;
      const result = await send(text);
      if (end === ' \\gset') {
        if (result.rows.length !== 1) throw new Error(`\\gset needs one row, got ${result.rows.length}`);
        Object.entries(result.rows[0]).forEach(([name, value]) => variables.set(name, String(value)));
      }
    }
    if (buffer !== '' || conditions.length > 0)
      throw new Error(`The script ends in the middle of: ${buffer}`);
  } finally {
    await client.end();
  }
  return executed;
}

const isTrue = (value: string) => ['t', 'true', 'on', '1', 'yes'].includes(value);

/** `:name` and `:'name'` outside of quotes. */
function fill(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replace(
    /'(?:[^']|'')*'|"(?:[^"]|"")*"|::|:'(\w+)'|:(\w+)/g,
    (all, quoted?: string, plain?: string) => {
      const name = quoted ?? plain;
      if (name === undefined) return all;
      const value = variables.get(name);
      if (value === undefined) throw new Error(`There is no variable ${name}`);
      return quoted === undefined ? value : `'${value.replaceAll("'", "''")}'`;
    },
  );
}

function databaseIn(argument: string): string {
  const match = /^-reuse-previous=on "dbname='(.*)'"$/.exec(argument);
  if (!match) throw new Error(`\\connect can't be understood: ${argument}`);
  return match[1].replaceAll('""', '"').replace(/\\(.)/g, '$1');
}
