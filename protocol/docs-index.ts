/** What the documentation's search reads: `GET /docs/search.json`, made by the hub and looked through by the page. */

/** What stands under one heading. */
export interface Passage {
  /** Where it is read, with its anchor: `/docs/protocol#tcp`. */
  readonly at: string;
  /** Title of the page that it stands on. */
  readonly page: string;
  /** Its own heading, the page's title where there is none yet. */
  readonly title: string;
  readonly text: string;
  /** A note on why something was built so: of use to fewer readers. */
  readonly isNote?: true;
}
