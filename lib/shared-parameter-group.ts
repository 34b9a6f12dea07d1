/**
 * What to do when other servers use the parameter group of the server too: their statements would be logged as well.
 */
export enum SharedParameterGroup {
  /**
   * The deployment fails, naming the other servers.
   */
  REFUSE = 'refuse',

  /**
   * The group is changed for all of them.
   */
  MODIFY = 'modify',

  /**
   * The server gets a copy of the group, which takes effect when its instances are rebooted.
   */
  COPY = 'copy',
}
