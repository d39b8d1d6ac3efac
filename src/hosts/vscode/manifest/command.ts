/** A command as the manifest and the palette know it. What it does stands in `commands/`. */
export interface CommandSpec {
  readonly id: string;
  /** English title; translated through package.nls.json. */
  readonly title: string;
  readonly icon?: string;
  /** When-clause of the palette entry; "false" hides it there. Absent: always shown. */
  readonly palette?: string;
  /** When-clause that greys it out everywhere. */
  readonly enablement?: string;
}
