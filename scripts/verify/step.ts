/** Nothing to say is a pass; a text is the failure; `absent` names what isn't there to be checked. */
export type Outcome = { readonly failure?: string; readonly absent?: string; readonly note?: string };

export type Step = {
  readonly name: string;
  readonly says: string;
  readonly run: () => Promise<Outcome>;
};
