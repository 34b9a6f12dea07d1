import { readFileSync } from 'node:fs';
import { getNodeValue, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { UserError } from '../settings/user-error';

type Path = readonly (string | number)[];

/** A JSON file, in which comments are allowed, with the line of each value. */
export class JsonFile {
  public static read(name: string): JsonFile {
    try {
      return new JsonFile(name, readFileSync(name, 'utf8'));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
      throw new UserError(`${name} can't be read:`, [error.message]);
    }
  }

  public readonly value: unknown;
  private readonly root: Node;

  public constructor(
    public readonly name: string,
    private readonly text: string,
  ) {
    const errors: ParseError[] = [];
    const root = parseTree(text, errors, { allowTrailingComma: true });
    if (!root) throw new UserError(`${name} can't be used:`, ['it is empty']);
    const problems = [
      ...errors.map(
        ({ error, offset }) => `line ${this.at(offset)}: ${sentence(printParseErrorCode(error))}`,
      ),
      ...this.duplicates(root),
    ];
    if (problems.length > 0) throw new UserError(`${name} can't be used:`, problems);
    this.root = root;
    this.value = getNodeValue(root);
  }

  /** Returns the line of a value or, if the value does not exist, of its nearest existing parent. */
  public line(path: Path): number {
    let node = this.root;
    for (const step of path) {
      const next = child(node, step);
      if (!next) break;
      node = next;
    }
    return this.at((node.parent?.type === 'property' ? node.parent : node).offset);
  }

  private at(offset: number): number {
    return this.text.slice(0, offset).split('\n').length;
  }

  /** Returns problems with duplicate keys, of which JSON parsers silently use the last. */
  private duplicates(node: Node): string[] {
    const keys = node.type === 'object' ? (node.children ?? []).map((property) => property.children![0]) : [];
    const repeated = keys.filter((key, i) => keys.findIndex((other) => other.value === key.value) !== i);
    return [
      ...repeated.map((key) => `line ${this.at(key.offset)}: the key \`${key.value}\` appears twice`),
      ...(node.children ?? []).flatMap((below) => this.duplicates(below)),
    ];
  }
}

function child(node: Node, step: string | number): Node | undefined {
  if (node.type === 'array') return node.children?.[Number(step)];
  return node.children?.find((property) => property.children?.[0].value === String(step))?.children?.[1];
}

/** Converts an error code such as `CommaExpected` to `not JSON, comma expected`. */
const sentence = (code: string) =>
  `not JSON, ${code.replace(/(?!^)[A-Z]/g, (letter) => ` ${letter}`).toLowerCase()}`;
