import type { HeldGrant } from '../catalog/held';
import { ident, qualified } from '../identifiers';
import { chunks, groupBy, type Statement } from './statement';

const OBJECTS_PER_STATEMENT = 500;

const DEFAULTS_FOR: Readonly<Record<string, string>> = {
  r: 'TABLES',
  S: 'SEQUENCES',
  f: 'FUNCTIONS',
  T: 'TYPES',
  n: 'SCHEMAS',
  L: 'LARGE OBJECTS',
};

const KEYWORDS = { database: 'DATABASE', schema: 'SCHEMA', relation: 'TABLE', sequence: 'SEQUENCE' } as const;

/** Takes back what the role holds, each grant as the role that gave it. */
export function planRevokes(
  roleName: string,
  held: readonly HeldGrant[],
  nameOf: (role: number) => string,
): Statement[] {
  const groups = groupBy(held, ({ kind, grantor, owner, objectType, schema }) =>
    JSON.stringify([kind, grantor, grantor === owner, objectType, kind === 'default' && schema]),
  );
  return [...groups.values()].flatMap((group) => {
    const { kind, grantor, owner, objectType, schema } = group[0];
    const base = { actAs: grantor, exactly: grantor !== owner };
    if (kind === 'default') {
      const scope = schema === null ? '' : ` IN SCHEMA ${ident(schema)}`;
      const head = `ALTER DEFAULT PRIVILEGES FOR ROLE ${ident(nameOf(grantor))}${scope}`;
      return [
        {
          ...base,
          text: `${head} REVOKE ALL ON ${DEFAULTS_FOR[objectType!]} FROM ${ident(roleName)} CASCADE`,
        },
      ];
    }
    return chunks(group, OBJECTS_PER_STATEMENT).map((some) => ({
      ...base,
      text: `REVOKE ALL ON ${KEYWORDS[kind]} ${some.map(nameOfGrant).join(', ')} FROM ${ident(roleName)} CASCADE`,
    }));
  });
}

function nameOfGrant({ kind, schema, name }: HeldGrant): string {
  return kind === 'database' || kind === 'schema' ? ident(name) : qualified(schema!, name);
}
