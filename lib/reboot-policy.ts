/**
 * Whether instances are rebooted for a parameter group that they were given.
 *
 * Another parameter group takes effect only at a reboot (Aurora user guide, "Working with parameter groups"); a parameter that
 * is changed in the group that is there takes effect at once.
 */
export enum RebootPolicy {
  /**
   * Nothing is rebooted. A notice names the instances that wait for it; until then Datafold derives no lineage.
   */
  NEVER = 'never',

  /**
   * Instances that wait for it are rebooted: the writer first, then each reader that still waits, one after the other.
   */
  IF_PENDING = 'if-pending',
}
