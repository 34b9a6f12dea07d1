/** The metadata of the custom resource of a role that names the kind of its network path; the doctor reads it. */
export const NETWORK_PATH_METADATA = 'cdk-datafold-postgres:network';

/** `existing`: somebody else provides the path, so nothing can be checked. */
export type NetworkPathKind = 'private-link' | 'allowlist' | 'existing';
