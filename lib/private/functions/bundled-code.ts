import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import {
  aws_lambda as lambda,
  type FileAssetLocation,
  FileAssetPackaging,
  type FileAssetSource,
  Stack,
  Stage,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { InvalidPropsError } from '../problems';

/**
 * The files of a function as a file asset: a folder, which the CDK CLI puts into a zip file.
 *
 * Replaces `lambda.Code.fromAsset`, which loads aws-s3 and the facts of all regions: a quarter of the synthesis time of a small app.
 * The folder is in the cloud assembly as usual, so the assembly can be moved to another machine.
 */
export class BundledCode extends lambda.Code {
  public readonly isInline = false;

  public constructor(private readonly files: ReadonlyMap<string, Buffer>) {
    super();
  }

  public override bind(scope: Construct): lambda.CodeConfig {
    const hash = createHash('sha256');
    for (const [name, content] of this.files) hash.update(`${name}\n`).update(content);
    const sourceHash = hash.digest('hex');
    const { assetOutdir, outdir } = Stage.of(scope)!;
    const staged = join(assetOutdir, `asset.${sourceHash}`);
    mkdirSync(staged, { recursive: true });
    for (const [name, content] of this.files) writeFileSync(join(staged, name), content);
    const packaging = FileAssetPackaging.ZIP_DIRECTORY;
    const { bucketName, objectKey } = addFileAsset(Stack.of(scope), {
      fileName: relative(outdir, staged), // the manifest of a nested stage is in a subfolder
      sourceHash,
      packaging,
    });
    return { s3Location: { bucketName, objectKey } };
  }
}

/** Adds the asset; throws for a stack that does not support file assets, such as one with a `BootstraplessSynthesizer`. */
function addFileAsset(stack: Stack, asset: FileAssetSource): FileAssetLocation {
  try {
    return stack.synthesizer.addFileAsset(asset);
  } catch (error) {
    throw new InvalidPropsError(stack.node.path, [
      `the code of the functions is a file, which the synthesizer of the stack does not take (${(error as Error).message}). Give \`functions: { code: HandlerCode.inline() }\` to all constructs of this library in the stack`,
    ]);
  }
}
