import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stage } from 'aws-cdk-lib';
import { REBOOTS } from './conditions';
import { dropImpliedDependencies } from './drop-implied-dependencies';
import { guardReferences } from './guard-references';
import { guardStatements, makeActionOptional, type Template } from './guard-statements';
import { type Kind, templateStack } from './template-stack';

/** Returns the self-contained template for a kind of server. */
export function template(kind: Kind): object {
  const outdir = mkdtempSync(join(tmpdir(), 'datafold-template-'));
  try {
    const stack = templateStack(kind, outdir);
    const assembly = Stage.of(stack)!.synth();
    const made = assembly.getStackArtifact(stack.artifactId).template as Parameters<
      typeof guardReferences
    >[0];
    const guarded = guardStatements(guardReferences(made) as unknown as Template);
    return dropImpliedDependencies(makeActionOptional(guarded, 'rds:RebootDBInstance', REBOOTS));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
