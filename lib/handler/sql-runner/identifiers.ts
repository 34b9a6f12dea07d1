import { escapeIdentifier, escapeLiteral } from 'pg/lib/utils';

/** A name as SQL: always quoted, whatever characters it has. */
export const ident: (name: string) => string = escapeIdentifier;

/** A string as SQL. */
export const literal: (text: string) => string = escapeLiteral;

/** `"schema"."name"`. */
export function qualified(schema: string, name: string): string {
  return `${ident(schema)}.${ident(name)}`;
}

/** Names as a comma-separated list. */
export function idents(names: readonly string[]): string {
  return names.map(ident).join(', ');
}

/** The first few names, for a person. */
export function someIdents(names: readonly string[], count = 5): string {
  return idents(names.slice(0, count)) + (names.length > count ? ', …' : '');
}

/** The first few descriptions, for a person. */
export function someOf(descriptions: readonly string[], count = 5): string {
  return descriptions.slice(0, count).join(', ') + (descriptions.length > count ? ', …' : '');
}
