/** What a profile does not know of its data set: what it is called, where it comes from, what it may be used for. */
export interface ProfileAbout {
  readonly name: string;
  readonly description?: string;
  /** As evidence names it: algorithm to lower-case hex. */
  readonly digest?: Readonly<Record<string, string>>;
  /** The files that it lies in. */
  readonly files?: readonly { readonly name: string; readonly size: number; readonly sha256: string }[];
  readonly classification?: 'public' | 'internal' | 'confidential' | 'restricted';
  /** SPDX identifier or address of the licence. */
  readonly licence?: string;
  /** Where it was fetched from. */
  readonly source?: string;
  /** Whether the people that the data are about agreed, and to what. */
  readonly consent?: string;
  /** How long it may be kept. */
  readonly retention?: string;
  readonly version?: string;
  /** ISO 8601. */
  readonly datePublished?: string;
  readonly creator?: string;
  readonly citation?: string;
  /** What of Croissant's responsible-AI vocabulary is declared, by its name without `rai:`, such as `dataBiases`. */
  readonly responsible?: Readonly<Record<string, string | readonly string[]>>;
}
