/** How the generated table of field numbers reads. */

/** A message whose fields stand, in JSON, among those of the message around it. */
export type InlineMessage = { readonly number: number; readonly fields: FieldNumbers };

/** Numbers by the name a field has in JSON. */
export type FieldNumbers = Readonly<{ [field: string]: number | InlineMessage }>;
