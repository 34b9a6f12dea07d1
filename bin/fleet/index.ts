import type { Construct } from 'constructs';
import { addFromContext as addBy, contextOfCli } from '../context/add-from-context';
import { addFleet } from './add-fleet';
import type { Fleet as FleetContent } from './fleet';
import { JsonFile } from './json-file';
import { parseFleet } from './read-fleet';

/**
 * The servers of a fleet file: many PostgreSQL servers, in any number of accounts and regions, for Datafold.
 *
 * `bin/fleet/fleet.schema.json` of the package describes the file. Comments are allowed in it.
 *
 * @example
 * Fleet.fromFile('fleet.json').addTo(new App());
 */
export class Fleet {
  /**
   * Reads a fleet file.
   *
   * Throws one error that names the line and the entry of everything that is wrong.
   *
   * @param path the path of the file
   */
  public static fromFile(path: string): Fleet {
    return new Fleet(parseFleet(JsonFile.read(path)));
  }

  /**
   * Reads the text of a fleet file.
   *
   * @param text the text
   * @param name the name of the file in error messages
   */
  public static fromText(text: string, name: string = 'The fleet'): Fleet {
    return new Fleet(parseFleet(new JsonFile(name, text)));
  }

  private constructor(private readonly content: FleetContent) {}

  /**
   * Adds the stacks of the servers and of their logs users.
   *
   * @param scope an app, or a stage of a pipeline
   */
  public addTo(scope: Construct): void {
    addFleet(scope, this.content);
  }
}

/**
 * Adds what the context of the CDK CLI asks for: for the command `app`.
 *
 * @internal
 */
export function addFromContext(scope: Construct): void {
  addBy(scope, contextOfCli());
}
