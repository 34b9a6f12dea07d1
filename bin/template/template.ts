import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stage } from 'aws-cdk-lib';
import { ALLOWLIST, PRIVATE_LINK, REBOOTS } from './conditions';
import { dropImpliedDependencies } from './drop-implied-dependencies';
import { guardReferences } from './guard-references';
import { dropOptionalDependencies } from './drop-optional-dependencies';
import { guardStatements, makeOptional, type Template } from './guard-statements';
import { type Kind, templateStack } from './template-stack';

/** The actions on all resources that the function is allowed under a condition only. */
const OPTIONAL_ACTIONS: readonly (readonly [string, readonly string[]])[] = [
  [REBOOTS, ['rds:RebootDBInstance']],
  [
    PRIVATE_LINK,
    [
      'ec2:DescribeAvailabilityZones',
      'ec2:DescribeVpcEndpointServiceConfigurations',
      'ec2:DescribeVpcs',
      'elasticloadbalancing:DescribeTags',
      'elasticloadbalancing:DescribeTargetHealth',
    ],
  ],
  [ALLOWLIST, ['ec2:DescribeRouteTables', 'ec2:DescribeSecurityGroups']],
];

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
    for (const [condition, actions] of OPTIONAL_ACTIONS) makeOptional(guarded, actions, condition);
    return dropImpliedDependencies(dropOptionalDependencies(guarded));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
