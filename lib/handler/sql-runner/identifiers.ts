import { escapeIdentifier, escapeLiteral } from 'pg/lib/utils';

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
export function someIdents(names: readonly string[], count = 5): string {
  return idents(names.slice(0, count)) + (names.length > count ? ', …' : '');
}

/** Returns the first few descriptions, for a message. */
export function someOf(descriptions: readonly string[], count = 5): string {
  return descriptions.slice(0, count).join(', ') + (descriptions.length > count ? ', …' : '');
}
