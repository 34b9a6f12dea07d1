import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv/dist/2020';

/** Datafold's own description of its API; beside the repository, or where `DATAFOLD_OPENAPI` says. */
const FILE =
  process.env.DATAFOLD_OPENAPI ?? join(__dirname, '../../../../shared/facts/datafold-openapi.json');

interface Schema {
  readonly $ref?: string;
  readonly properties?: Record<string, Schema>;
}

interface Operation {
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } };
  readonly responses: Record<
    string,
    { readonly content?: { readonly 'application/json': { readonly schema: Schema } } }
  >;
}

interface Document {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, Schema> };
}

/** What is wrong with one request, and with the answer to it, by the document. */
export class OpenApi {
  /** Undefined where the document is missing. */
  static load(): OpenApi | undefined {
    return existsSync(FILE) ? new OpenApi(JSON.parse(readFileSync(FILE, 'utf8')) as Document) : undefined;
  }

  private readonly ajv = new Ajv({ strict: false, validateFormats: false, allErrors: false });

  private constructor(private readonly document: Document) {
    this.ajv.addSchema(document, 'datafold');
  }

  request(method: string, path: string, body: unknown): string[] {
    const operation = this.operation(method, path);
    if (!operation) return [`${method} ${path} is not in the document`];
    const schema = operation.requestBody?.content['application/json'].schema;
    if (!schema) return body === undefined ? [] : [`${method} ${path} takes no body`];
    return [...this.problems(`${method} ${path}`, schema, body), ...this.unknownFields(body)];
  }

  answer(method: string, path: string, status: number, body: unknown): string[] {
    const schema = this.operation(method, path)?.responses[String(status)]?.content?.['application/json']
      .schema;
    return schema ? this.problems(`the answer ${status} to ${method} ${path}`, schema, body) : [];
  }

  private operation(method: string, path: string): Operation | undefined {
    const literal = this.document.paths[path];
    const template = Object.keys(this.document.paths).find((known) =>
      new RegExp(`^${known.replace(/\{\w+\}/g, '\\d+')}$`).test(path),
    );
    return (literal ?? this.document.paths[template ?? ''])?.[method.toLowerCase()];
  }

  private problems(what: string, schema: Schema, value: unknown): string[] {
    const rooted = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"datafold#/')) as Schema;
    const validate = this.ajv.compile(rooted);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(({ instancePath, message }) => `${what}: ${instancePath} ${message}`);
  }

  /** The document lets unknown fields pass; a misspelt one would do nothing. */
  private unknownFields(body: unknown): string[] {
    const { type, options = {}, ...rest } = body as { type: string; options?: object };
    const { schemas } = this.document.components;
    const form = { postgres_aurora: 'Aurora', postgres_aws_rds: 'Rds', pg: '' }[type] ?? '';
    const known = Object.keys(schemas[`ApiDataSourcePostgres${form}`].properties ?? {});
    const config = type === 'pg' ? 'PostgreSQLConfig' : 'PostgreSQLAuroraConfig';
    const knownOptions = Object.keys(schemas[config].properties ?? {});
    return [
      ...Object.keys(rest).filter((key) => !known.includes(key)),
      ...Object.keys(options).filter((key) => !knownOptions.includes(key)),
    ].map((key) => `no data source of type ${type} has a field ${key}`);
  }
}
