// An ESLint rule against circular imports, including type imports. (import-x/no-cycle ignores type imports, which are most of the
// imports here.) The graph is read once per run of ESLint, without packages.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';

const FROM = /\b(?:from|import)\s*\(?\s*'(\.[^']*)'/g;
const graph = new Map();

function fileOf(importer, specifier) {
  const path = resolve(dirname(importer), specifier);
  return [`${path}.ts`, `${path}/index.ts`].find((file) => existsSync(file));
}

function importsOf(file) {
  let found = graph.get(file);
  if (!found) {
    const specifiers = [...readFileSync(file, 'utf8').matchAll(FROM)].map(([, specifier]) => specifier);
    found = [...new Set(specifiers.map((specifier) => fileOf(file, specifier)).filter(Boolean))];
    graph.set(file, found);
  }
  return found;
}

/** Returns the shortest import path from one file to another, including both; undefined if there is none. */
export function pathBetween(from, to) {
  const cameFrom = new Map([[from, undefined]]);
  const queue = [from];
  for (const file of queue) {
    if (file === to) {
      const path = [];
      for (let at = file; at !== undefined; at = cameFrom.get(at)) path.unshift(at);
      return path;
    }
    for (const next of importsOf(file))
      if (!cameFrom.has(next)) {
        cameFrom.set(next, file);
        queue.push(next);
      }
  }
  return undefined;
}

/** @type {import('eslint').Rule.RuleModule} */
const noCircularImports = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      circle: 'Circular import: {{path}}. Move what both need into a file that imports neither.',
    },
  },
  create(context) {
    const check = ({ source }) => {
      if (!source?.value?.startsWith?.('.')) return;
      const imported = fileOf(context.filename, source.value);
      const path = imported && pathBetween(imported, context.filename);
      if (!path) return;
      const names = [context.filename, ...path].map((file) => relative(context.cwd, file));
      context.report({ node: source, messageId: 'circle', data: { path: names.join(' > ') } });
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    };
  },
};

export default { rules: { 'no-circular-imports': noCircularImports } };
