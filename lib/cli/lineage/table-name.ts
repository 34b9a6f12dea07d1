import type { RangeVar } from 'libpg-query';

/** A table or view, as a statement names it. */
export interface TableName {
  /** Undefined if the statement leaves it to `search_path`. */
  readonly schema?: string;
  readonly name: string;
}

export function tableName({ schemaname, relname = '' }: RangeVar): TableName {
  return { ...(schemaname !== undefined && { schema: schemaname }), name: relname };
}

/** The name as SQL writes it: parts are quoted where they must be. */
export function textOf({ schema, name }: TableName): string {
  return [...(schema === undefined ? [] : [schema]), name].map(quoted).join('.');
}

/** Reads a name that `textOf` has written. */
export function tableNamed(text: string): TableName {
  const parts = [...text.matchAll(/"((?:[^"]|"")*)"|([^."]+)/g)].map(
    ([, inQuotes, plain]) => plain ?? inQuotes.replaceAll('""', '"'),
  );
  const [name = ''] = parts.slice(-1);
  return parts.length > 1 ? { schema: parts[0], name } : { name };
}

/** True for names in the schema of temporary tables of a session. */
export function isTemporary({ schema }: TableName): boolean {
  return schema !== undefined && /^pg_temp(_\d+)?$/.test(schema);
}

function quoted(part: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(part) ? part : `"${part.replaceAll('"', '""')}"`;
}
