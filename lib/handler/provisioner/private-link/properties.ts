import { type Fields, parseProperties } from '../runtime/fields';
import type { ServerName } from '../aws/rds-ports';
import { parseServer, parseServerName, type ServerTarget } from '../sql-client/server-target';

/** The start of the physical ids. */
export const TARGETS = 'datafold-private-link-targets/';
/** The start of the physical ids. */
export const SERVICE = 'datafold-endpoint-service/';

/** `PrivateLinkTargetsProperties` with their real types. */
export interface PrivateLinkTargets {
  readonly targetGroupArn: string;
  readonly vpcId: string;
  readonly server: ServerTarget;
  /** Undefined for a server outside of RDS. */
  readonly rds?: ServerName;
  readonly sqlRunner: string;
}

export function parseTargets(properties: unknown): PrivateLinkTargets {
  return parseProperties(properties, readTargets);
}

function readTargets(fields: Fields): PrivateLinkTargets {
  return {
    targetGroupArn: fields.text('targetGroupArn'),
    vpcId: fields.text('vpcId'),
    server: parseServer(fields.object('server')),
    rds: fields.has('rds') ? parseServerName(fields.object('rds')) : undefined,
    sqlRunner: fields.text('sqlRunner'),
  };
}

/** `RegisterTargetsTask` with its real types. */
export interface RegisterTargets {
  readonly stackId: string;
  readonly logicalResourceId: string;
  readonly targets: PrivateLinkTargets;
  /** True after an event: DNS names of a server may change minutes later. */
  readonly repeat: boolean;
}

export function parseRegisterTargets(raw: unknown): RegisterTargets {
  return parseProperties(raw, (fields) => ({
    stackId: fields.text('stackId'),
    logicalResourceId: fields.text('logicalResourceId'),
    targets: readTargets(fields.object('properties')),
    repeat: fields.flag('repeat', false),
  }));
}

/** Returns the physical id of the targets of a target group. */
export function targetsId({ targetGroupArn }: PrivateLinkTargets): string {
  return `${TARGETS}${targetGroupArn.replace(/^.*:targetgroup\//, '')}`;
}

/** `EndpointServiceProperties`. */
export interface EndpointServiceRequest {
  readonly serviceId: string;
}

export function parseEndpointService(properties: unknown): EndpointServiceRequest {
  return parseProperties(properties, (fields) => ({ serviceId: fields.text('serviceId') }));
}

export function endpointServiceId({ serviceId }: EndpointServiceRequest): string {
  return `${SERVICE}${serviceId}`;
}
