import { escapeIdentifier, escapeLiteral } from 'pg/lib/utils';

const MAX_LISTED = 5;

/** Quotes an identifier, always. */
export const ident: (name: string) => string = escapeIdentifier;

/** Quotes a string literal. */
export const literal: (text: string) => string = escapeLiteral;

/** Returns `"schema"."name"`. */
export function qualified(schema: string, name: string): string {
  return `${ident(schema)}.${ident(name)}`;
}

/** Returns quoted names, separated by commas. */
export function idents(names: readonly string[]): string {
  return names.map(ident).join(', ');
}

/** Returns the first few quoted names, for a message. */
export function someIdents(names: readonly string[]): string {
  return someOf(names.map(ident));
}

/** Returns the first few descriptions, for a message. */
export function someOf(descriptions: readonly string[]): string {
  return descriptions.slice(0, MAX_LISTED).join(', ') + (descriptions.length > MAX_LISTED ? ', …' : '');
}
