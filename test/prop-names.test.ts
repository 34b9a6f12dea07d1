import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { PROP_NAMES, STRUCT_OF_PROP, type Struct } from '../lib/private/prop-names';

const lib = join(__dirname, '../lib');
const declarations = new Map(
  readdirSync(lib)
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => {
      const text = readFileSync(join(lib, name), 'utf8');
      return [...ts.createSourceFile(name, text, ts.ScriptTarget.ES2022).statements];
    })
    .filter(ts.isInterfaceDeclaration)
    .map((declaration) => [declaration.name.text, declaration]),
);

interface Prop {
  readonly name: string;
  readonly type: string;
}

/** Returns the props that an interface of lib/ declares itself and inherits. */
function propsOf(struct: string): Prop[] {
  const declaration = declarations.get(struct)!;
  const parents = (declaration.heritageClauses ?? []).flatMap(({ types }) =>
    types.map(({ expression }) => (expression as ts.Identifier).text),
  );
  const own = declaration.members.filter(ts.isPropertySignature).map(({ name, type }) => ({
    name: (name as ts.Identifier).text,
    type: type && ts.isTypeReferenceNode(type) && ts.isIdentifier(type.typeName) ? type.typeName.text : '',
  }));
  return [...parents.flatMap(propsOf), ...own];
}

test.each(Object.keys(PROP_NAMES) as Struct[])(
  'the names of the props of %s are those of its declaration',
  (struct) => {
    expect([...PROP_NAMES[struct]].sort()).toEqual(
      propsOf(struct)
        .map(({ name }) => name)
        .sort(),
    );
  },
);

test('DatafoldPostgres has at most 20 props at the top', () => {
  expect(propsOf('DatafoldPostgresProps').length).toBeLessThanOrEqual(20);
});

test('every struct that is the value of a prop is looked into', () => {
  const isStruct = (type: string) => type !== '' && declarations.has(type) && !/^I[A-Z]/.test(type);
  const nested = (Object.keys(PROP_NAMES) as Struct[])
    .flatMap(propsOf)
    .filter(({ type }) => isStruct(type))
    .map(({ name, type }) => [name, type] as const)
    // `DatabaseAccessProps` has fewer of these than `DatafoldPostgresProps`.
    .filter(([, type]) => type !== 'AccessVerificationOptions');
  expect(Object.fromEntries(nested)).toEqual(STRUCT_OF_PROP);
});

test('the required props are the first of each struct', () => {
  for (const [struct, { members }] of declarations) {
    if (/^I[A-Z]/.test(struct)) continue; // an interface of constructs, not a struct
    const isOptional = members.filter(ts.isPropertySignature).map(({ questionToken }) => !!questionToken);
    expect([struct, isOptional]).toEqual([struct, [...isOptional].sort((a, b) => Number(a) - Number(b))]);
  }
});
