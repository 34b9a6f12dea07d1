/**
 * Whether instances are rebooted when their parameter group is replaced.
 *
 * A new parameter group takes effect only after a reboot (Aurora user guide, "Working with parameter groups"). Changing the
 * parameter in the existing group takes effect immediately.
 */
export enum RebootPolicy {
  /**
   * No instance is rebooted.
   *
   * A notice names the instances that wait for a reboot. Datafold derives no lineage until they are rebooted.
   */
  NEVER = 'never',

  /**
   * Instances that wait for a reboot are rebooted: the writer first, then each reader that still waits, one at a time.
   */
  IF_PENDING = 'if-pending',
}
