import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { aws_lambda as lambda } from 'aws-cdk-lib';
import { BundledCode } from './private/functions/bundled-code';
import { type FunctionName, functionFiles, inlineCode } from './private/functions/function-code';

/** Reads from the folder of the bundles: beside `lib/` in the repository, beside `dist/` in the package. */
const readAsset = (file: string) => readFileSync(join(__dirname, '..', 'assets', file));

/** The decompressed files, which are the same for all stacks of an app. */
const files = new Map<FunctionName, ReadonlyMap<string, Buffer>>();

function filesOf(name: FunctionName): ReadonlyMap<string, Buffer> {
  const known = files.get(name) ?? functionFiles(name, readAsset);
  files.set(name, known);
  return known;
}

/**
 * How a template includes the code of the two functions.
 *
 * The code is bundled when the library is built, so synthesis needs no bundler, no Docker and no network.
 *
 * @example
 * declare const cluster: rds.DatabaseCluster;
 *
 * new DatafoldPostgres(this, 'Datafold', {
 *   server: PostgresServer.auroraCluster(cluster),
 *   databases: [{ databaseName: 'app' }],
 *   functions: { code: HandlerCode.inline() },
 * });
 */
export class HandlerCode {
  /**
   * A file asset, which `cdk deploy` uploads to the bootstrap bucket.
   */
  public static asset(): HandlerCode {
    return new HandlerCode('asset', (name) => new BundledCode(filesOf(name)));
  }

  /**
   * Inline in the template.
   *
   * The template then needs no bootstrap bucket and can be launched from the console, but it grows by some 350 kB
   * (CloudFormation accepts templates of up to 1 MB from S3).
   */
  public static inline(): HandlerCode {
    return new HandlerCode('inline', (name) => lambda.Code.fromInline(inlineCode(name, readAsset)));
  }

  /** @internal */
  public readonly _kind: 'asset' | 'inline';

  /** @internal */
  public readonly _of: (functionName: FunctionName) => lambda.Code;

  private constructor(kind: 'asset' | 'inline', of: (functionName: FunctionName) => lambda.Code) {
    this._kind = kind;
    this._of = of;
  }
}
